#!/bin/sh
# offlab-state for machines that cannot run the program of that name (guest/state.cpp has its words): the same sections,
# from /proc and from ethtool and dmesg of the machine. Slower, and without the kernel's account of the buffers that it
# frees.
#
#   offlab-state [-n NETNS] [-d] [-l MARK] [-s NIC | NIC]...
section() { echo "==> $* <=="; }
show() { section "$1"; cat "$1" 2> /dev/null || echo "$1: it cannot be read"; }

# "ethtool -k" as `ethtool --json -k` has it. A group's own line stands before its members, which are indented.
features() {
  section "ethtool -k $1"
  ethtool -k "$1" 2> /dev/null | awk -v nic="$1" '
    /^Features for/ { printf "[ {\n\"ifname\": \"%s\"", nic; next }
    NF >= 2 {
      name = $1; sub(/:$/, "", name)
      printf ",\n\"%s\": {\"active\": %s, \"fixed\": %s, \"requested\": %s}", name, ($2 == "on" ? "true" : "false"),
        (/\[fixed\]/ ? "true" : "false"), (/\[requested on\]/ || ($2 == "on" && !/requested off/) ? "true" : "false")
      some = 1
    }
    END { if (some) print "\n} ]"; else print "the kernel told no features" }'
}

statistics() {
  section "ethtool -S $1"
  ethtool -S "$1" 2> /dev/null || echo "no stats available"
}

counters() {
  for file in /proc/net/snmp /proc/net/snmp6 /proc/net/netstat; do show "$file"; done
}

netns=
mark=
drops=
nics=
while [ $# -gt 0 ]; do
  case $1 in
    -n) netns=$2; shift 2 ;;
    -l) mark=$2; shift 2 ;;
    -d) drops=yes; shift ;;
    -s) nics="$nics s:$2"; shift 2 ;;
    *) nics="$nics k:$1"; shift ;;
  esac
done

if [ -n "$netns" ]; then
  ip netns exec "$netns" sh -c 'for f in /proc/net/snmp /proc/net/snmp6 /proc/net/netstat; do echo "==> $f <=="; cat $f; done' ||
    exit 1
else
  counters
fi
for nic in $nics; do
  name=${nic#?:}
  features "$name"
  case $nic in s:*) statistics "$name" ;; esac
  section "mtu $name"
  cat "/sys/class/net/$name/mtu"
done
section ip_forward
cat /proc/sys/net/ipv4/ip_forward
section ipv6_forwarding
cat /proc/sys/net/ipv6/conf/all/forwarding 2> /dev/null || echo 0
if [ -n "$drops" ]; then
  section "tc -s -j qdisc show"
  tc -s -j qdisc show 2> /dev/null || echo "[]"
  if [ -d /sys/module/nf_tables ]; then
    section "nft -j list ruleset"
    nft -j -t list ruleset 2> /dev/null
  fi
  if [ -r /proc/net/ip_tables_names ]; then
    section "iptables-save -c"
    iptables-save -c 2> /dev/null
  fi
  for file in /proc/net/stat/nf_conntrack /proc/net/softnet_stat; do
    if [ -r "$file" ]; then show "$file"; fi
  done
fi
if [ -n "$mark" ]; then
  section "kernel log"
  dmesg | awk -v mark="$mark" 'index($0, mark) { text = "" } { text = text $0 "\n" } END { printf "%s", text }'
fi
section end
exit 0
