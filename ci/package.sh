#!/usr/bin/env bash
# Builds the packages and tries them: lintian, no path of the build in them, the SBOM against its schema; then in a clean
# Debian root: installed, used as an ordinary user, upgraded, removed, purged. Not a part of ci/test.sh: it takes some
# minutes, and needs root.
#   ci/package.sh                what stands above; the packages are in build/package/packages
#   ci/package.sh --reproduce    then builds them again, without a compiler cache, in a folder of another name: the same bytes?
#   ci/package.sh --lab          in the clean root runs a lab as an ordinary user, too (boots three guests)
set -euo pipefail
cd "$(dirname "$0")/.."
reproduce= lab=
for option in "$@"; do
  case $option in
    --reproduce) reproduce=yes ;;
    --lab) lab=yes ;;
    *) echo "usage: ci/package.sh [--reproduce] [--lab]" >&2; exit 2 ;;
  esac
done
[ "$(id -u)" -eq 0 ] || { echo "package: only root can make a clean root" >&2; exit 2; }

./ci/deps.sh
export DEBIAN_FRONTEND=noninteractive
command -v lintian >/dev/null || apt-get -qq install --yes --no-install-recommends lintian >/dev/null
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
scratch=$(mktemp -d)
trap 'rm -rf --one-file-system "$scratch"' EXIT
said() { printf 'package: %s\n' "$*"; }

# packages_of SOURCE BUILD: makes them, hardened as Debian's own packages are.
packages_of() {
  rm -rf "$2/packages"
  cmake -S "$1" -B "$2" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
    -DCMAKE_CXX_FLAGS='-fstack-protector-strong -D_FORTIFY_SOURCE=2' \
    -DCMAKE_EXE_LINKER_FLAGS='-Wl,-z,relro,-z,now' -DCMAKE_SHARED_LINKER_FLAGS='-Wl,-z,relro,-z,now' >/dev/null
  cmake --build "$2" --target offlab_installed
  (cd "$2" && cpack -G DEB >cpack.log 2>&1) || { tail -n 30 "$2/cpack.log" >&2; exit 1; }
  rm -rf "$2/packages/_CPack_Packages"
}
packages_of . build/package
packages=$PWD/build/package/packages
version=$(dpkg-deb --field "$packages"/offlab_*.deb Version)
(cd "$packages" && ls -l -- *.deb | awk '{print "  " $5, $9}')

said "no path of the build is in them"
for deb in "$packages"/*.deb; do
  root=$scratch/$(basename "$deb" .deb)
  dpkg-deb --raw-extract "$deb" "$root"
  if grep -rlaF -e "$PWD" "$root"; then echo "package: these files of $deb name $PWD" >&2; exit 1; fi
done

said "lintian"
lintian --fail-on error --allow-root --tag-display-limit 0 "$packages"/*.deb

said "the software bill of materials"
sbom=$packages/offlab_$version.spdx.json
./ci/sbom.py --packages "$packages" --build build/package >"$sbom.new"
mv "$sbom.new" "$sbom"
./tests/sbom/check.sh "$sbom"

# The same content by a lower version.
said "a clean root"
earlier=$scratch/earlier
mkdir "$earlier"
for deb in "$packages"/*.deb; do
  root=$scratch/$(basename "$deb" .deb)
  sed -i "s/^Version: .*/Version: $version~earlier/; s/(= $version)/(= $version~earlier)/g" "$root/DEBIAN/control"
  dpkg-deb --root-owner-group --build "$root" "$earlier" >/dev/null
done
mmdebstrap --quiet --variant=apt --include=mount,g++,cmake,make,libgmock-dev bookworm "$scratch/root"
mkdir "$scratch/root/packages" "$scratch/root/example"
cp -r "$packages"/*.deb "$earlier" "$scratch/root/packages/"
cp examples/gtest/* "$scratch/root/example/"
cp ci/package_inside.sh "$scratch/root/inside.sh"
cp /etc/resolv.conf "$scratch/root/etc/resolv.conf"
# Namespaces of its own, and not a chroot: there the kernel refuses ordinary users their namespaces.
unshare --mount --pid --fork --kill-child bash -euc '
  root=$1
  mount --make-rprivate /
  mount --bind "$root" "$root"
  mount --rbind /dev "$root/dev"
  mount --rbind /sys "$root/sys"
  mkdir -p "$root/old"
  mount -t proc proc "$root/proc"
  cd "$root"
  pivot_root . old
  umount -l /old
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root VERSION="$2" LAB="$3" bash /inside.sh
' _ "$scratch/root" "$version" "$lab"

if [ -n "$reproduce" ]; then
  said "the same again, in another folder"
  git clone --quiet --no-hardlinks . "$scratch/elsewhere/with/a/longer name"
  CCACHE_DISABLE=1 packages_of "$scratch/elsewhere/with/a/longer name" "$scratch/another build"
  for deb in "$packages"/*.deb; do
    again="$scratch/another build/packages/$(basename "$deb")"
    if ! cmp "$deb" "$again"; then  # where?
      dpkg-deb --raw-extract "$deb" "$scratch/one" && dpkg-deb --raw-extract "$again" "$scratch/other"
      diff --recursive --brief "$scratch/one" "$scratch/other" >&2 || true
      exit 1
    fi
    sha256sum "$deb" | sed "s#$packages/##"
  done
fi
said "all is well"
