#!/usr/bin/env bash
# Runs a lab in a root with the packages of ci/Containerfile, with the privileges of `podman run --privileged`: all
# capabilities, a root, a /dev with /dev/net/tun, and mount, PID, IPC and UTS namespaces of its own. The network is the
# machine's, which a lab does not use. No container runtime is needed.
#   ci/package.sh && ci/container.sh [COMMAND...]    (default: offlab demo)
# Needs root and mmdebstrap. The root is made in build/container and removed; the guest image is built anew.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --inside ]; then
  root=$2
  shift 2
  mount --make-rprivate /
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  mount -t tmpfs -o mode=755 dev "$root/dev"
  mkdir -p "$root"/dev/{net,pts,shm} "$root"/{old,work,cache}
  mount -t tmpfs shm "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
  for device in null zero full random urandom tty; do
    touch "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mknod "$root/dev/net/tun" c 10 200
  ln -s /proc/self/fd "$root/dev/fd"
  ln -s pts/ptmx "$root/dev/ptmx"
  for name in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${name#*:}" "$root/dev/${name%:*}"; done
  mount -t tmpfs tmp "$root/tmp"
  cd "$root"
  pivot_root . old
  umount -l /old
  cd /work
  exec env -i HOME=/root OFFLAB_CACHE=/cache PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
fi

packages=$PWD/build/package/packages
ls "$packages"/*.deb > /dev/null || { echo "container.sh: no packages; run ci/package.sh first" >&2; exit 2; }
# What the Containerfile installs beside them.
more=$(sed -n '/\.deb \\$/,/&& rm/{/^ *[a-z]/{s/\\$//;p}}' ci/Containerfile)
work=$PWD/build/container
rm -rf --one-file-system "$work"
mkdir -p "$work"
trap 'rm -rf --one-file-system "$work"' EXIT
echo "container.sh: making the root" >&2
# shellcheck disable=SC2016,SC2086  # mmdebstrap's shell expands $1; words
mmdebstrap --quiet --variant=minbase --include="$(echo $more | tr ' ' ,)" \
  --customize-hook='mkdir "$1/packages"' --customize-hook="copy-in $packages/. /packages" \
  --customize-hook='chroot "$1" sh -c "apt-get install --yes --no-install-recommends /packages/*.deb > /dev/null"' \
  bookworm "$work/root"
[ $# -gt 0 ] || set -- offlab demo
unshare --mount --pid --ipc --uts --fork --kill-child "$PWD/ci/container.sh" --inside "$work/root" "$@"
