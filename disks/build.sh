#!/usr/bin/env bash
# Makes disk images of real Debian systems (systemd, GRUB, sshd) for topologies/debian-releases.toml and for the tests of
# image recipes that have a `disk`. Root, and a Debian archive for apt, are needed. Ten minutes an image on two slow cores;
# a disk that is there already is left alone.
#
#   disks/build.sh                    all of them
#   disks/build.sh debian-12 ...      these
#
# debian-11, -12, -13     root logs in with disks/id_ed25519; no address is configured
# debian-12-sudo          an ordinary user, admin, with a password (disks/password) and sudo without one
# debian-12-uefi          boots by UEFI from a GPT disk
# debian-12-frr           forwarding and FRR
# debian-12-configured    a deployed router: systemd-networkd with fixed addresses, nftables with NAT and an MSS clamp
# debian-12-cloud         cloud-init: nobody can log in without a seed
set -euo pipefail
cd "$(dirname "$0")"

all=(debian-11 debian-12 debian-13 debian-12-sudo debian-12-uefi debian-12-frr debian-12-configured debian-12-cloud)
[ "$(id -u)" -eq 0 ] || { echo "build.sh: only root can make a Debian system" >&2; exit 3; }
for program in mmdebstrap mke2fs sfdisk qemu-img mcopy mkfs.vfat ssh-keygen; do
  command -v "$program" >/dev/null || { echo "build.sh: $program is missing; ./ci/deps.sh installs it" >&2; exit 3; }
done
[ -e id_ed25519 ] || ssh-keygen -q -t ed25519 -N '' -C offlab-disks -f id_ed25519
[ -e password ] || { umask 077; head -c 12 /dev/urandom | base64 > password; umask 022; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

declare -A suites=([11]=bullseye [12]=bookworm [13]=trixie)

# Every NIC comes up with a link-local address only; who wants more writes a file that sorts before this one.
write_network() {
  mkdir -p "$1/etc/systemd/network"
  cat > "$1/etc/systemd/network/80-every-nic.network" <<'END'
[Match]
Type=ether

[Network]
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
END
}

# NICs in the order of the machine: ens3 is the management NIC, ens4 and ens5 are those of the test.
write_router() {
  cat > "$1/etc/systemd/network/20-wan.network" <<'END'
[Match]
Name=ens4

[Network]
Address=203.0.113.1/24
END
  cat > "$1/etc/systemd/network/30-lan.network" <<'END'
[Match]
Name=ens5

[Link]
MTUBytes=1400

[Network]
Address=10.20.30.1/24
END
  cat > "$1/etc/nftables.conf" <<'END'
#!/usr/sbin/nft -f
flush ruleset

table inet router {
  chain forward {
    type filter hook forward priority filter; policy accept;
    tcp flags syn tcp option maxseg size set rt mtu
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr 10.20.30.0/24 oifname "ens4" masquerade
  }
}
END
  # Forwarding begins when the NICs are up. Where it begins before (debian-12-frr), they come up without LRO.
  cat > "$1/etc/systemd/system/forwarding.service" <<'END'
[Unit]
After=systemd-networkd-wait-online.service
Wants=systemd-networkd-wait-online.service

[Service]
Type=oneshot
ExecStart=/sbin/sysctl -w net.ipv4.ip_forward=1

[Install]
WantedBy=multi-user.target
END
  chroot "$1" systemctl --quiet enable nftables forwarding
}

configure() {  # NAME ROOT
  local root=$2
  echo "$1" > "$root/etc/hostname"
  echo "127.0.0.1 localhost $1" > "$root/etc/hosts"
  echo "LABEL=root / ext4 errors=remount-ro 0 1" > "$root/etc/fstab"
  write_network "$root"
  chroot "$root" systemctl --quiet enable systemd-networkd
  mkdir -p "$root/root/.ssh"
  chmod 700 "$root/root/.ssh"
  # Each lab boots a copy of the disk: its host keys are made now, once.
  case $1 in
    debian-12-cloud) rm -f "$root"/etc/ssh/ssh_host_*; rm -rf "$root/root/.ssh" ;;
    debian-12-sudo)
      chroot "$root" useradd --create-home --shell /bin/bash admin
      echo "admin:$(cat password)" | chroot "$root" chpasswd
      echo 'admin ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/admin"
      echo 'PermitRootLogin no' > "$root/etc/ssh/sshd_config.d/no-root.conf" ;;
    *) install -m 600 id_ed25519.pub "$root/root/.ssh/authorized_keys" ;;
  esac
  case $1 in
    debian-12-configured) write_router "$root" ;;
    debian-12-frr)
      sed -i 's/^ospfd=no/ospfd=yes/' "$root/etc/frr/daemons"
      printf 'net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n' > "$root/etc/sysctl.d/20-router.conf" ;;
  esac
}

# GRUB of the system itself, without a device that it would be installed to: boot.img is in the first sector, and the core
# image in those behind it, where boot.img looks.
write_bios_loader() {  # ROOT RAW
  chroot "$1" grub-mkimage -O i386-pc -o /tmp/core.img -p '(hd0,msdos1)/boot/grub' biosdisk part_msdos ext2 normal linux \
    configfile search search_label serial terminal
  dd if="$1/usr/lib/grub/i386-pc/boot.img" of="$2" bs=1 count=440 conv=notrunc status=none
  dd if="$1/tmp/core.img" of="$2" bs=512 seek=1 conv=notrunc status=none
}

write_efi_loader() {  # ROOT RAW: the system partition is the second one
  chroot "$1" grub-mkimage -O x86_64-efi -o /tmp/bootx64.efi -p '(hd0,gpt1)/boot/grub' part_gpt ext2 normal linux \
    configfile search search_label serial terminal
  local esp=$work/esp
  truncate -s 32M "$esp"
  mkfs.vfat "$esp" >/dev/null
  mmd -i "$esp" ::/EFI ::/EFI/BOOT
  mcopy -i "$esp" "$1/tmp/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
  dd if="$esp" of="$2" bs=1M seek=2001 conv=notrunc status=none
}

build() {  # NAME
  local name=$1 root=$work/$1/root raw=$work/$1/disk.raw
  local release=${name#debian-}
  local suite=${suites[${release%%-*}]}
  local packages=systemd-sysv,udev,dbus,linux-image-amd64,initramfs-tools,grub2-common,openssh-server,iproute2,ethtool,nftables,kmod,procps,tcpdump
  case $name in
    *-uefi) packages+=,grub-efi-amd64-bin ;;
    *-cloud) packages+=,grub-pc-bin,cloud-init ;;
    *-sudo) packages+=,grub-pc-bin,sudo ;;
    *-frr) packages+=,grub-pc-bin,frr ;;
    *) packages+=,grub-pc-bin ;;
  esac
  mkdir -p "$root"
  echo "build.sh: $name: a system of $suite"
  mmdebstrap --quiet --mode=root --variant=minbase --include="$packages" --dpkgopt='force-unsafe-io' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$root" > "$work/log" 2>&1 ||
    { tail -n 20 "$work/log" >&2; echo "build.sh: mmdebstrap failed" >&2; exit 1; }
  configure "$name" "$root"
  local release_of_kernel
  release_of_kernel=$(ls "$root/lib/modules")
  mkdir -p "$root/boot/grub"
  cat > "$root/boot/grub/grub.cfg" <<END
serial --unit=0
terminal_output serial
set timeout=0
menuentry "Debian" {
  search --label --set=root root
  linux /boot/vmlinuz-$release_of_kernel root=LABEL=root ro console=ttyS0 quiet
  initrd /boot/initrd.img-$release_of_kernel
}
END
  truncate -s 2040M "$raw"
  case $name in
    *-uefi)
      write_loader=write_efi_loader
      printf 'label: gpt\nstart=2048, size=%d, type=linux\nstart=%d, size=65536, type=uefi\n' \
        $((2000 * 2048)) $((2001 * 2048)) | sfdisk --quiet "$raw" ;;
    *)
      write_loader=write_bios_loader
      printf 'label: dos\nstart=2048, size=%d, type=83, bootable\n' $((2000 * 2048)) | sfdisk --quiet "$raw" ;;
  esac
  $write_loader "$root" "$raw"
  rm -rf "$root"/tmp/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/*
  truncate -s 2000M "$work/$name/root.ext4"
  mke2fs -q -t ext4 -L root -d "$root" "$work/$name/root.ext4"
  dd if="$work/$name/root.ext4" of="$raw" bs=1M seek=1 conv=notrunc,sparse status=none
  qemu-img convert -f raw -O qcow2 "$raw" "$name.qcow2.new"
  mv "$name.qcow2.new" "$name.qcow2"
  rm -rf "${work:?}/$name"
  echo "build.sh: $name.qcow2 is made, $(du -h "$name.qcow2" | cut -f1)"
}

for name in "${@:-${all[@]}}"; do
  [[ " ${all[*]} " == *" $name "* ]] || { echo "build.sh: there is no disk '$name'; there are: ${all[*]}" >&2; exit 2; }
  if [ -e "$name.qcow2" ]; then echo "build.sh: $name.qcow2 is there"; else build "$name"; fi
done
