# The lab and the case, for ../reproduce.sh, which defines the words. Made by offlab; the QEMU command lines are
# plain.

lab_networks() {
  bridge wan 9000
  bridge lan 1500
  tap mgmt-0 mgmt 1500
  tap router-lan lan 1500
  tap router-wan wan 9000
  tap mgmt-1 mgmt 1500
  tap client-lan lan 1500
  tap mgmt-2 mgmt 1500
  tap server-wan wan 9000
}

lab_guests() {
  guest router fe80::5054:ff:fe4d:1
  qemu-system-x86_64 -name router -machine pc -accel "$accel" -cpu max -smp 1,maxcpus=2 -m 256 \
    -nodefaults -display none -no-reboot -serial file:"$out"/router.log \
    -kernel "$out"/image/debian-12/vmlinux -initrd "$out"/image/debian-12/initrd -append 'console=ttyS0 quiet panic=-1' \
    -fw_cfg name=opt/org.offlab/authorized_keys,file="$work"/key.pub \
    -fw_cfg name=opt/org.offlab/host_key,file="$work"/host_key \
    -netdev tap,id=mgmt-0,ifname=mgmt-0,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=mgmt-0,mac=52:54:00:4d:00:01 \
    -netdev tap,id=router-lan,ifname=router-lan,script=no,downscript=no,vnet_hdr=on -device vmxnet3,netdev=router-lan,mac=52:54:01:00:01:00 \
    -netdev tap,id=router-wan,ifname=router-wan,script=no,downscript=no,vnet_hdr=on -device vmxnet3,netdev=router-wan,mac=52:54:01:00:01:01 &
  guest client fe80::5054:ff:fe4d:2
  qemu-system-x86_64 -name client -machine pc -accel "$accel" -cpu max -smp 1,maxcpus=2 -m 256 \
    -nodefaults -display none -no-reboot -serial file:"$out"/client.log \
    -kernel "$out"/image/debian-12/vmlinux -initrd "$out"/image/debian-12/initrd -append 'console=ttyS0 quiet panic=-1' \
    -fw_cfg name=opt/org.offlab/authorized_keys,file="$work"/key.pub \
    -fw_cfg name=opt/org.offlab/host_key,file="$work"/host_key \
    -netdev tap,id=mgmt-1,ifname=mgmt-1,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=mgmt-1,mac=52:54:00:4d:00:02 \
    -netdev tap,id=client-lan,ifname=client-lan,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=client-lan,mac=52:54:01:00:02:00 &
  guest server fe80::5054:ff:fe4d:3
  qemu-system-x86_64 -name server -machine pc -accel "$accel" -cpu max -smp 1,maxcpus=2 -m 256 \
    -nodefaults -display none -no-reboot -serial file:"$out"/server.log \
    -kernel "$out"/image/debian-12/vmlinux -initrd "$out"/image/debian-12/initrd -append 'console=ttyS0 quiet panic=-1' \
    -fw_cfg name=opt/org.offlab/authorized_keys,file="$work"/key.pub \
    -fw_cfg name=opt/org.offlab/host_key,file="$work"/host_key \
    -netdev tap,id=mgmt-2,ifname=mgmt-2,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=mgmt-2,mac=52:54:00:4d:00:03 \
    -netdev tap,id=server-wan,ifname=server-wan,script=no,downscript=no,vnet_hdr=on -device virtio-net-pci,netdev=server-wan,mac=52:54:01:00:03:00 &
}

lab_configure() {
  in_guest 'router' << 'END_OF_GUEST_SCRIPT'
set -e
sysctl -qw net.ipv4.tcp_no_metrics_save=1
for d in /sys/class/net/*; do if [ "$(cat $d/address)" = 52:54:01:00:01:00 ]; then ip link set dev ${d##*/} name lan; fi; done
sysctl -qw net.ipv6.conf.lan.accept_dad=0 net.ipv6.conf.lan.accept_ra=0
ip link set dev lan mtu 1500 up
ip address add 198.18.1.1/24 dev lan
for d in /sys/class/net/*; do if [ "$(cat $d/address)" = 52:54:01:00:01:01 ]; then ip link set dev ${d##*/} name wan; fi; done
sysctl -qw net.ipv6.conf.wan.accept_dad=0 net.ipv6.conf.wan.accept_ra=0
ip link set dev wan mtu 1500 up
ip address add 198.18.2.1/24 dev wan
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
END_OF_GUEST_SCRIPT
  in_guest 'client' << 'END_OF_GUEST_SCRIPT'
set -e
sysctl -qw net.ipv4.tcp_no_metrics_save=1
for d in /sys/class/net/*; do if [ "$(cat $d/address)" = 52:54:01:00:02:00 ]; then ip link set dev ${d##*/} name lan; fi; done
sysctl -qw net.ipv6.conf.lan.accept_dad=0 net.ipv6.conf.lan.accept_ra=0
ip link set dev lan mtu 1500 up
ip address add 198.18.1.2/24 dev lan
ip route add 198.18.2.0/24 via 198.18.1.1
END_OF_GUEST_SCRIPT
  in_guest 'server' << 'END_OF_GUEST_SCRIPT'
set -e
sysctl -qw net.ipv4.tcp_no_metrics_save=1
for d in /sys/class/net/*; do if [ "$(cat $d/address)" = 52:54:01:00:03:00 ]; then ip link set dev ${d##*/} name wan; fi; done
sysctl -qw net.ipv6.conf.wan.accept_dad=0 net.ipv6.conf.wan.accept_ra=0
ip link set dev wan mtu 1500 up
ip address add 198.18.2.2/24 dev wan
ip route add 198.18.1.0/24 via 198.18.2.1
END_OF_GUEST_SCRIPT
  in_guest 'server' << 'END_OF_GUEST_SCRIPT'
set -e
iperf3 --server --daemon --port 5201 --logfile /tmp/iperf3.log
END_OF_GUEST_SCRIPT
  :
}

leg_control() {
  begin_leg control
  in_guest 'router' << 'END_OF_GUEST_SCRIPT'
set -e
[ $(cat /sys/class/net/lan/mtu) = 1500 ] || { ethtool -K lan lro on && ip link set dev lan mtu 1500; }
[ $(cat /sys/class/net/wan/mtu) = 1500 ] || { ethtool -K wan lro on && ip link set dev wan mtu 1500; }
ethtool -K lan large-receive-offload off
ethtool -K wan large-receive-offload off
END_OF_GUEST_SCRIPT
  in_guest 'client' << 'END_OF_GUEST_SCRIPT'
set -e
[ $(cat /sys/class/net/lan/mtu) = 1500 ] || { ip link set dev lan mtu 1500; }
ip -4 route flush cache; ip -6 route flush cache
ip tcp_metrics flush >/dev/null
END_OF_GUEST_SCRIPT
  in_guest 'server' << 'END_OF_GUEST_SCRIPT'
set -e
sysctl -qw net.ipv4.ip_no_pmtu_disc=0
ip -4 route flush cache; ip -6 route flush cache
ip tcp_metrics flush >/dev/null
END_OF_GUEST_SCRIPT
  in_guest 'client' << 'END_OF_GUEST_SCRIPT'
set -e
ping -c 3 -W 5 198.18.2.2 > /dev/null
END_OF_GUEST_SCRIPT
  capture router-wan router-wan
  capture router-lan router-lan
  sleep 1
  counters before router client server
  in_guest 'client' > "$leg/iperf3.json" << 'END_OF_GUEST_SCRIPT' || true
timeout 31 iperf3 --client 198.18.2.2 --port 5201 --reverse --connect-timeout 5000 --parallel 1 --time 1 --interval 0.5 --json
END_OF_GUEST_SCRIPT
  counters after router client server
  end_leg
}

leg_case() {
  begin_leg case
  in_guest 'router' << 'END_OF_GUEST_SCRIPT'
set -e
[ $(cat /sys/class/net/lan/mtu) = 1500 ] || { ethtool -K lan lro on && ip link set dev lan mtu 1500; }
[ $(cat /sys/class/net/wan/mtu) = 1500 ] || { ethtool -K wan lro on && ip link set dev wan mtu 1500; }
ethtool -K lan large-receive-offload off
ethtool -K wan large-receive-offload off
END_OF_GUEST_SCRIPT
  in_guest 'client' << 'END_OF_GUEST_SCRIPT'
set -e
[ $(cat /sys/class/net/lan/mtu) = 1500 ] || { ip link set dev lan mtu 1500; }
ip -4 route flush cache; ip -6 route flush cache
ip tcp_metrics flush >/dev/null
END_OF_GUEST_SCRIPT
  in_guest 'server' << 'END_OF_GUEST_SCRIPT'
set -e
sysctl -qw net.ipv4.ip_no_pmtu_disc=0
ip -4 route flush cache; ip -6 route flush cache
ip tcp_metrics flush >/dev/null
END_OF_GUEST_SCRIPT
  in_guest 'client' << 'END_OF_GUEST_SCRIPT'
set -e
ping -c 3 -W 5 198.18.2.2 > /dev/null
END_OF_GUEST_SCRIPT
  force_tap router-lan 0x7
  force_tap router-wan 0x7
  capture router-wan router-wan
  capture router-lan router-lan
  sleep 1
  counters before router client server
  in_guest 'client' > "$leg/iperf3.json" << 'END_OF_GUEST_SCRIPT' || true
timeout 31 iperf3 --client 198.18.2.2 --port 5201 --reverse --connect-timeout 5000 --parallel 1 --time 1 --interval 0.5 --json
END_OF_GUEST_SCRIPT
  counters after router client server
  show_taps router-lan router-wan
  end_leg
}

