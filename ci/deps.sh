#!/usr/bin/env bash
# Installs packages of Debian 12, and says which. Nothing to do when all are there.
#   ci/deps.sh          what offlab needs to build, to run and to test, and to check the code
#   ci/deps.sh build    to build and to run it: what a user of a source tree needs
#   ci/deps.sh run      to run it: what a lab host needs that is given the program (--hosts, --connect, Slurm)
# Only the first one installs services: sshd, Slurm and munge, which the tests start for themselves.
set -euo pipefail

run=(
  # the hypervisor (libvirt's QEMU driver works inside offlab; no daemon is installed), ordinary users' namespaces
  qemu-system-x86 ipxe-qemu libvirt0 libvirt-daemon libvirt-daemon-driver-qemu uidmap openssh-client
  # guest images; disks of users: qemu-img, UEFI, seeds for cloud-init, DHCP inside of labs
  mmdebstrap cpio kmod xz-utils zstd ca-certificates
  qemu-utils ovmf dosfstools mtools dnsmasq-base fdisk
  # the program's libraries
  libisal2 libssh-4 libcurl4 libfmt9 libnl-route-3-200 libpugixml1v5 libsqlite3-0
)
build=(
  g++ cmake ninja-build ccache pkg-config git
  libvirt-dev libssh-dev libssl-dev libnl-3-dev libnl-route-3-dev libcurl4-openssl-dev libtomlplusplus-dev libcli11-dev libfmt-dev
  nlohmann-json3-dev libpugixml-dev libisal-dev liblzma-dev libzstd-dev liblz4-dev libbz2-dev libsqlite3-dev libboost-dev
  # CMake looks for these, whatever is built; the tests' programs
  libgtest-dev libgmock-dev zlib1g-dev python3
  # inlined in report.html
  libjs-chart.js
)
check=(
  # test
  tshark tcpdump busybox python3-allpairspy python3-junitparser cmark-gfm dropbear-bin openssh-server libvirt-clients golang-go golang-github-google-uuid-dev dpkg-dev slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge sudo iproute2 ethtool util-linux procps zsh fish mandoc groff-base bsdextrautils
  # test of report.html
  chromium
  # documentation (ci/docs.sh)
  mkdocs
  # fuzzing
  clang libclang-rt-dev
  # style
  clang-format clang-tidy
)

case "${1:-all}" in
  run) packages=("${run[@]}") ;;
  build) packages=("${run[@]}" "${build[@]}") ;;
  all)
    packages=("${run[@]}" "${build[@]}" "${check[@]}")
    # The programs that drive Chromium; a Node.js of another source than Debian's has npm in it.
    command -v npm >/dev/null || packages+=(nodejs npm)
    ;;
  *) echo "deps: '$1' is not known; run, build, or nothing for all" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
  dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "deps: all ${#packages[@]} packages are installed"
  exit 0
fi

echo "deps: installing ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "deps: only root can install them; run as root: apt-get install ${missing[*]}" >&2; exit 3; }
  as_root=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "${as_root[@]}" "$@" >"$log" 2>&1 || { tail -n 30 "$log" >&2; echo "deps: '$*' failed" >&2; exit 3; }; }
quietly apt-get update
quietly env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
echo "deps: done"
