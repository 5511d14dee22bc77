#!/usr/bin/env bash
# Builds the kernel and the initrd of a guest image from Debian's packages: what is in packages, programs, files, modules
# and init beside this script. versions.txt has the versions that the bundle's run had; what the archive has now may be
# newer, and the end of this script says so.
#   ./build.sh [-k] [FOLDER]    vmlinux and initrd go there (default: beside this script); MIRROR=URL takes packages from
#                               there; -k keeps what was built there from the same parts
# Needs root, and the Debian packages mmdebstrap cpio kmod xz-utils; where there is a folder source, g++.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
keep=
[ "${1:-}" = -k ] && { keep=1; shift; }
out=${1:-$here}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$here"
parts=$(find build.sh suite packages programs files modules init $([ ! -d source ] || echo source) -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)
is_built() { [ -s "$out/vmlinux" ] && [ -s "$out/initrd" ] && [ "$(cat "$out/built-from" 2> /dev/null)" = "$parts" ]; }
if [ -n "$keep" ] && is_built; then exit 0; fi
rm -f "$out/built-from"
[ "$(id -u)" = 0 ] || { echo "build.sh: run it as root" >&2; exit 2; }
for tool in mmdebstrap cpio depmod modprobe xz $([ ! -d source ] || echo g++); do
  command -v $tool > /dev/null || { echo "build.sh: missing: $tool" >&2; exit 2; }
done
suite=$(cat suite)
work=$(mktemp -d /tmp/guest-image.XXXXXX)
trap 'rm -rf "$work"' EXIT
root=$work/root tree=$work/tree

echo "unpacking packages of $suite"
mmdebstrap --quiet --variant=extract --include="$(paste -sd, packages)" "$suite" "$work/root.tar" ${MIRROR:+"$MIRROR"}
mkdir -p "$root" "$tree"
tar --extract --no-same-owner --exclude='./dev/*' --exclude='./usr/share/*' --file "$work/root.tar" --directory "$root"
release=$(basename "$root"/lib/modules/*)

mkdir -p "$tree"/{bin,sbin,lib,lib64,usr/bin,usr/sbin,usr/lib,dev,proc,sys,tmp,run,etc,root/.ssh}
copy() { mkdir -p "$tree$(dirname "$1")" && cp -L "$root$1" "$tree$1"; }
libraries=$root/lib/x86_64-linux-gnu:$root/usr/lib/x86_64-linux-gnu
while read -r program; do
  [ -n "$program" ] || continue
  copy "$program"
  "$root/lib64/ld-linux-x86-64.so.2" --library-path "$libraries" --list "$root$program" 2> /dev/null |
    grep -o "/[^ ]*\.so[^ ]*" | sed "s#^$root##" | sort -u | while read -r library; do copy "$library"; done || true
done < programs
while read -r file; do [ -z "$file" ] || copy "$file"; done < files

depmod -b "$root" "$release"
while read -r module; do
  [ -z "$module" ] || modprobe -d "$root" -S "$release" --show-depends "$module"
done < modules | awk '/^insmod/ && !seen[$2]++ {print $2}' | while read -r file; do
  copy "${file#"$root"}"
done
cp "$root/lib/modules/$release"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$release/"
depmod -b "$tree" "$release"
install -m 755 init "$tree/init"
# The program that sends the background load.
[ ! -d source ] || g++ -std=c++20 -O2 -fno-exceptions -fno-rtti -static -s -o "$tree/bin/offlab-background" source/*.cpp
(cd "$tree" && find . -print0 | LC_ALL=C sort -z |
  cpio --quiet --null --create --format=newc --owner=+0:+0 --reproducible) > "$work/initrd"
# The ELF kernel inside boots without the guest unpacking it, seconds faster under emulation. Where it is packed
# otherwise than by xz the packed one does.
offset=$(grep -abom1 $'\xfd7zXZ' "$root/boot/vmlinuz-$release" | cut -d: -f1 || true)
if [ -n "$offset" ] && tail -c "+$((offset + 1))" "$root/boot/vmlinuz-$release" |
  xz --decompress --stdout --single-stream > "$work/vmlinux" 2> /dev/null &&
  [ "$(head -c 4 "$work/vmlinux" | tail -c 3)" = ELF ]; then
  mv "$work/vmlinux" "$out/vmlinux"
else
  cp "$root/boot/vmlinuz-$release" "$out/vmlinux"
fi
mv "$work/initrd" "$out/initrd"
echo "$parts" > "$out/built-from"

echo "kernel $release; the bundle's run had $(cat kernel)"
tar --extract --to-stdout --file "$work/root.tar" ./var/lib/dpkg/status 2> /dev/null |
  awk '/^Package: /{p=$2} /^Version: /{print p, $2}' | sort > "$work/now" || true
if [ -s "$work/now" ]; then
  sort versions.txt | join -a 1 - "$work/now" | awk '$2 != $3 {print "  " $1 ": " $2 " then, " ($3 ? $3 : "none") " now"}'
fi
