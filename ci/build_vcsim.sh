#!/usr/bin/env bash
# Builds vcsim, VMware's simulator of the vSphere API, from Debian's source package: the binary packages do not have it.
#
#     ci/build_vcsim.sh [PROGRAM]        default: build/vcsim
#
# Does nothing when PROGRAM is there. Exit 77, with the reason, where it cannot be built.
set -euo pipefail

program=$(realpath -m "${1:-$(dirname "$0")/../build/vcsim}")
[ -x "$program" ] && exit 0
cannot() { echo "build_vcsim: $*" >&2; exit 77; }

command -v apt-get > /dev/null || cannot "there is no apt-get: vcsim is built from a Debian source package"
command -v go > /dev/null || cannot "golang-go is not installed: ci/deps.sh"
command -v dpkg-source > /dev/null || cannot "dpkg-dev is not installed: ci/deps.sh"
[ -d /usr/share/gocode/src/github.com/google/uuid ] || cannot "golang-github-google-uuid-dev is not installed: ci/deps.sh"

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# The machine's own sources, asked for source packages, with lists of their own: nothing of the machine changes.
mkdir -p "$work/sources" "$work/lists/partial" "$work/archives/partial"
for file in /etc/apt/sources.list.d/*.sources; do
  [ -e "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" > "$work/sources/$(basename "$file")"
done
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ -e "$file" ] && sed -n 's/^deb /deb-src /p' "$file" > "$work/sources/$(basename "$file" .list)-source.list"
done
apt=(apt-get -qq -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$work/sources" -o "Dir::State::Lists=$work/lists"
  -o "Dir::Cache=$work" -o APT::Sandbox::User=root)
log=$work/log
"${apt[@]}" update > "$log" 2>&1 || cannot "the lists of source packages cannot be had: $(tail -n 1 "$log")"
(cd "$work" && "${apt[@]}" source --download-only golang-github-vmware-govmomi) > "$log" 2>&1 ||
  cannot "golang-github-vmware-govmomi cannot be had: $(tail -n 1 "$log")"

source=$work/go/src/github.com/vmware/govmomi
mkdir -p "$(dirname "$source")"
dpkg-source --no-check -x "$work"/golang-github-vmware-govmomi_*.dsc "$source" > "$log" 2>&1 || cannot "$(tail -n 1 "$log")"
mkdir -p "$(dirname "$program")"
(cd "$source" && env GO111MODULE=off GOFLAGS=-p=2 GOPATH="$work/go:/usr/share/gocode" GOCACHE="$work/cache" \
  go build -o "$program.part" ./vcsim) > "$log" 2>&1 || cannot "$(tail -n 3 "$log")"
mv "$program.part" "$program"
echo "build_vcsim: $program"
