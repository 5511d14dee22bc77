#!/usr/bin/env bash
# Builds the lab of lab/steps.sh with plain QEMU and runs the case and its control: no offlab, no libvirt.
#   ./reproduce.sh [-a tcg|kvm] [-o FOLDER]
#     -a  accelerator (default: tcg, which needs no hardware support)
#     -o  where captures and counters go (default: reproduced, in the current folder)
# Exit status: 0 the fault is there as in expected.json, 1 it is not, 2 usage or a tool is missing, 3 the lab broke, 4 the
# counters do not tell.
# Needs root, and the Debian packages qemu-system-x86 iproute2 ethtool tcpdump openssh-client python3; to build the guest
# image mmdebstrap cpio kmod xz-utils, and g++ where it has a folder source. All traffic stays in a network namespace that
# ends with this script.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
accel=tcg out=$PWD/reproduced

usage() { sed -n '2,7s/^# \{0,1\}//p' "$here/reproduce.sh" >&2; exit 2; }
fail() { echo "reproduce.sh: $*" >&2; exit 3; }

inside=
[ "${1:-}" = --inside ] && { inside=1; shift; }
while getopts a:o: option; do
  case $option in
    a) accel=$OPTARG ;;
    o) out=$OPTARG ;;
    *) usage ;;
  esac
done
[ $((OPTIND - 1)) = $# ] || usage
case $accel in tcg | kvm) ;; *) usage ;; esac
[ "$(id -u)" = 0 ] || { echo "reproduce.sh: run it as root" >&2; exit 2; }

# 1 is the answer "not reproduced": what fails is never that.
set -E
trap 'n=${BASH_LINENO[0]}; [ "$n" != 0 ] || n=$LINENO; fail "${BASH_COMMAND%% -*} failed, line $n of ${BASH_SOURCE[1]:-$0}"' ERR

if [ -z "$inside" ]; then
  missing=
  for tool in qemu-system-x86_64 ip ethtool tcpdump ssh ssh-keygen python3 unshare; do
    command -v "$tool" > /dev/null || missing+=" $tool"
  done
  [ -z "$missing" ] || { echo "reproduce.sh: missing:$missing" >&2; exit 2; }
  mkdir -p "$out"
  out=$(cd "$out" && pwd)
  for image in "$here"/image/*/; do
    name=$(basename "$image")
    "$image/build.sh" -k "$out/image/$name" || { [ $? != 2 ] || exit 2; fail "the guest image '$name' cannot be built"; }
  done
  unshare --net --mount --pid --fork --mount-proc true || fail "this machine makes no namespaces"
  exec unshare --net --mount --pid --fork --kill-child --mount-proc "$here/reproduce.sh" --inside -a "$accel" -o "$out"
fi

work=$(mktemp -d /tmp/reproduce.XXXXXX)
trap 'rm -rf "$work"' EXIT
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/key"
ssh-keygen -q -t ed25519 -N '' -C '' -f "$work/host_key"
echo "* $(cut -d ' ' -f 1,2 "$work/host_key.pub")" > "$work/known_hosts"

declare -A address=()
load_ended=

# What lab/steps.sh is written in ----------------------------------------------------------------------------------------

# NAME MTU
bridge() {
  ip link add "$1" type bridge mcast_snooping 0
  ip link set "$1" mtu "$2" up
}

# TAP BRIDGE MTU
tap() {
  ip tuntap add "$1" mode tap vnet_hdr ${4:+multi_queue}
  ip link set "$1" mtu "$3" master "$2" up
}

# WIRE_BRIDGE WIRE_PORT ROUTER_PORT ROUTER_BRIDGE MTU: a pair of ports between the wire and one NIC of the router.
stage() {
  ip link add "$2" type veth peer name "$3"
  ip link set "$2" mtu "$5" master "$1" up
  ip link set "$3" mtu "$5" master "$4" up
}

# WIRE_PORT ROUTER_PORT pass|split|merge: what it does with frames on their way to the router.
set_stage() {
  local whole=off merging=off
  [ "$3" = pass ] && whole=on
  [ "$3" = merge ] && merging=on
  ethtool -K "$1" tso $whole gso $whole
  ethtool -K "$2" gro $merging
  if [ "$3" = merge ]; then
    echo 1000000 > "/sys/class/net/$2/gro_flush_timeout"
    echo 5 > "/sys/class/net/$2/napi_defer_hard_irqs"
  fi
}

# NAME ADDRESS: the link-local address of a guest's management NIC.
guest() {
  address[$1]=$2%mgmt
}

# NAME: runs the shell script on stdin in the guest.
in_guest() {
  ssh -F none -i "$work/key" -o UserKnownHostsFile="$work/known_hosts" -o StrictHostKeyChecking=yes -o BatchMode=yes \
    -o ConnectTimeout=5 -o ServerAliveInterval=5 -o ServerAliveCountMax=12 -o LogLevel=ERROR -o IdentitiesOnly=yes "root@${address[$1]}" sh -s
}

await_guests() {
  local name tries
  for name in "${!address[@]}"; do
    tries=0
    until in_guest "$name" <<< true 2> /dev/null; do
      tries=$((tries + 1))
      [ $tries -lt 100 ] || fail "guest '$name' does not answer; its console: $out/$name.log"
      sleep 1
    done
  done
}

# POINT INTERFACE: frames with 192 bytes each, until the leg ends.
capture() {
  tcpdump -Z root -U -n -i "$2" -s 192 -c 400000 -w "$leg/$1.pcap" 2> "$leg/$1.tcpdump" &
  captures+=($!)
}

# WHEN NAME...
counters() {
  local when=$1 name
  shift
  mkdir -p "$leg/$when"
  for name; do
    in_guest "$name" > "$leg/$when/$name.txt" <<< 'cat /proc/net/snmp /proc/net/snmp6'
  done
}

# TAP WORD: what QEMU's tap takes from the host: 1 checksums left out, 2 TSO over IPv4, 4 TSO over IPv6 (linux/if_tun.h).
force_tap() {
  python3 "$here/lab/lab_tool.py" force "$1" "$2" || fail "the offload word of tap $1 cannot be set"
}

# TAP...: what the taps offer, after the transfer.
show_taps() {
  local name
  for name; do
    ethtool -k "$name" | sed -n "s/^\t*\(tx-tcp-segmentation\|tx-tcp6-segmentation\):/$name \1:/p" >> "$leg/taps.txt"
  done
}

# listener|initiator NODE SECONDS READY COMMAND: a program that runs beside the transfer, until end_load. READY: the line
# that it prints when it is ready, or the port that it then listens at or is connected to: listens:PORT, connects:PORT.
start_load() {
  # shellcheck disable=SC2016  # the guest expands them
  local ready="^$4\$" file=/tmp/load-$1.txt tcp='/proc/$p/net/tcp /proc/$p/net/tcp6'
  case $4 in
    listens:*) ready=$(printf '^ *[0-9]+: [0-9A-F]+:%04X [0-9A-F:]+ 0A' "${4#*:}") file=$tcp ;;
    connects:*) ready=$(printf '^ *[0-9]+: [0-9A-F:]+ [0-9A-F]+:%04X 01' "${4#*:}") file=$tcp ;;
  esac
  in_guest "$2" << EOF || fail "the $1 of the background load on '$2' did not start"
sleep $3 2> /dev/null | $5 > /tmp/load-$1.txt 2>&1 &
p=\$!
echo \$p > /tmp/load-$1.pid
i=0
until grep -Eq '$ready' $file 2> /dev/null; do
  i=\$((i+1))
  kill -0 \$p && [ \$i -lt 200 ] || { cat /tmp/load-$1.txt >&2; exit 1; }
  sleep 0.1
done
EOF
  loads+=("$1" "$2")
}

# What the programs of the load report goes to load-listener.txt and load-initiator.txt. The listener may end with the
# initiator.
# shellcheck disable=SC2016  # the guest expands them
end_load() {
  in_guest "${loads[3]}" <<< 'kill $(cat /tmp/load-initiator.pid) || echo "ended before the transfer did" >> /tmp/load-initiator.txt'
  sleep 2
  in_guest "${loads[1]}" <<< 'kill $(cat /tmp/load-listener.pid) 2> /dev/null; sleep 1' || true
  in_guest "${loads[3]}" > "$leg/load-initiator.txt" <<< 'cat /tmp/load-initiator.txt'
  in_guest "${loads[1]}" > "$leg/load-listener.txt" <<< 'cat /tmp/load-listener.txt'
  if grep -q '^ended before the transfer did$' "$leg/load-initiator.txt"; then
    echo "reproduce.sh: the background load on '${loads[3]}' ended before the transfer did: see $leg/load-initiator.txt" >&2
    load_ended=1
  fi
}

begin_leg() {
  echo "== $1"
  leg=$out/$1
  rm -rf "$leg"
  mkdir -p "$leg"
  captures=()
  loads=()
}

end_leg() {
  sleep 0.5
  local process
  for process in "${captures[@]}"; do kill "$process" 2> /dev/null || true; done
  for process in "${captures[@]}"; do wait "$process" 2> /dev/null || true; done
}

# ------------------------------------------------------------------------------------------------------------------------

# shellcheck source=/dev/null
. "$here/lab/steps.sh"

ip link set lo up
ip link add mgmt type bridge mcast_snooping 0
echo 0 > /proc/sys/net/ipv6/conf/mgmt/accept_dad
ip link set mgmt up
lab_networks
echo "== guests ($accel)"
lab_guests
await_guests
echo "== configuration"
lab_configure
leg_control
leg_case
python3 "$here/lab/lab_tool.py" compare "$here/expected.json" "$out" || {
  answer=$?
  [ -z "$load_ended" ] || fail "the background load ended early: this run decides nothing"
  exit $answer
}
