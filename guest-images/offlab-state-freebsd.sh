#!/bin/sh
# offlab-state for a router with FreeBSD (pfSense, OPNsense): the words and the sections of the program of that name
# (guest/state.cpp), made from netstat, ifconfig, sysctl and dmesg. A counter or a section that cannot be had is left
# out. For FreeBSD's sh and awk: nothing of bash, nothing of gawk. Not tried on a real FreeBSD.
#
#   offlab-state [-d] [-l MARK] [-s NIC | NIC]...
#
# Which line is which counter: FreeBSD usr.bin/netstat/inet.c, inet6.c and if.c; where the kernel counts it:
# sys/netinet/ip_output.c, ip_fastfwd.c, ip_icmp.c and sys/netinet6/ip6_fastfwd.c, icmp6.c.
section() { echo "==> $* <=="; }

# A section with a text, or none.
show() {
  if [ -n "$2" ]; then
    section "$1"
    printf '%s\n' "$2"
  fi
}

# Lines are "7 fragments created", and "1 fragment created". Numbers stay text: awk's have 53 bits.
awk_counters='
  { line = $0; sub(/^[ \t]+/, "", line); what = line; sub(/^[0-9]+ /, "", what); number = $1 }
  line !~ /^[0-9]+ / { next }
  function tell(name) { names = names " " name; values = values " " number }'

# ips_cantfrag is what DF kept from being cut: Linux has it as FragFails. With it the kernel calls icmp_error.
ip_counters() {
  netstat -s -p ip 2> /dev/null | awk "$awk_counters"'
    what ~ /^total packets? received$/ { tell("InReceives") }                          # ips_total
    what ~ /^packets? forwarded( |$)/ { tell("ForwDatagrams") }                        # ips_forward
    what ~ /^output packets? discarded due to no route$/ { tell("OutNoRoutes") }       # ips_noroute
    what ~ /^fragments? received$/ { tell("ReasmReqds") }                              # ips_fragments
    what ~ /^packets? reassembled ok$/ { tell("ReasmOKs") }                            # ips_reassembled
    what ~ /^output datagrams? fragmented$/ { tell("FragOKs") }                        # ips_fragmented
    what ~ /^datagrams? that can.t be fragmented$/ { tell("FragFails") }               # ips_cantfrag
    what ~ /^fragments? created$/ { tell("FragCreates") }                              # ips_ofragments
    END { if (names != "") { print "Ip:" names; print "Ip:" values } }'
}

# The output histogram (icps_outhist) has what was sent, "calls to icmp_error" also what the rate limit kept back. A
# type that was never sent has no line; the line about responses, which is always there, says that the text is whole.
icmp_counters() {
  netstat -s -p icmp 2> /dev/null | awk '
    { line = $0; sub(/^[ \t]+/, "", line) }
    line == "Output histogram:" { list = "out"; next }
    line == "Input histogram:" { list = "in"; next }
    line ~ /^[0-9]+ / { list = "" }
    line ~ /^[0-9]+ message responses? generated$/ { whole = 1 }
    list == "in" && /: [0-9]+$/ { received += $NF }
    list == "out" && line ~ /^destination unreachable: [0-9]+$/ { unreachable = $NF }
    END {
      if (!whole) exit
      printf "Icmp: InMsgs\nIcmp: %.0f\n", received
      if (unreachable != "") print "IcmpMsg: OutType3\nIcmpMsg: " unreachable
    }'
}

# Ip6FragFails is not told: what is too long to be forwarded is refused before ip6s_cantfrag is counted
# (ip6_tryforward, ip6_forward).
ip6_counters() {
  netstat -s -p ip6 2> /dev/null | awk "$awk_counters"'
    what ~ /^output datagrams? fragmented$/ { print "Ip6FragOKs", number }             # ip6s_fragmented
    what ~ /^fragments? created$/ { print "Ip6FragCreates", number }                   # ip6s_ofragments'
  netstat -s -p icmp6 2> /dev/null | awk '
    { line = $0; sub(/^[ \t]+/, "", line) }
    line == "Output histogram:" { list = "out"; next }
    line ~ /histogram/ || line ~ /^[0-9]+ / { list = "" }
    line ~ /^[0-9]+ message responses? generated$/ { whole = 1 }
    list == "out" && line ~ /^packet too big: [0-9]+$/ { sent = $NF }
    END { if (whole) print "Icmp6OutPktTooBigs", (sent == "" ? 0 : sent) }'
}

# What FreeBSD has of `ethtool --json -k`. "capabilities=" has what can be switched; without that line nothing is known
# to be. There is no "options=" where nothing is on. VLAN_HWTAGGING is one switch for two features: it is not switched.
features() {
  ifconfig -m "$1" 2> /dev/null | awk -v nic="$1" '
    function list_of(text) { if (text !~ /</) return ","; sub(/^[^<]*</, "", text); sub(/>.*$/, "", text); return "," text "," }
    function has(list, word) { return index(list, "," word ",") > 0 }
    function tell(name, first, second, fixed,   active, switchable) {
      active = has(on, first) || (second != "" && has(on, second))
      switchable = has(able, first) || (second != "" && has(able, second))
      if (able != "" && !switchable && !active) return
      if (!switchable) fixed = 1
      printf ",\n\"%s\": {\"active\": %s, \"fixed\": %s, \"requested\": %s}", name, (active ? "true" : "false"),
        (fixed ? "true" : "false"), (active ? "true" : "false")
    }
    / flags=/ { there = 1 }
    $1 ~ /^options=/ { on = list_of($1) }
    $1 ~ /^capabilities=/ { able = list_of($1) }
    END {
      if (!there) exit
      printf "[ {\n\"ifname\": \"%s\"", nic
      tell("rx-checksumming", "RXCSUM", "RXCSUM_IPV6")
      tell("tx-checksumming", "TXCSUM", "TXCSUM_IPV6")
      tell("tcp-segmentation-offload", "TSO4", "TSO6")
      tell("tx-tcp-segmentation", "TSO4")
      tell("tx-tcp6-segmentation", "TSO6")
      tell("large-receive-offload", "LRO")
      tell("rx-vlan-offload", "VLAN_HWTAGGING", "", 1)
      tell("tx-vlan-offload", "VLAN_HWTAGGING", "", 1)
      print "\n} ]"
    }'
}

# As `ethtool -S` prints them. The columns are told by the first line, counted from the right: a NIC without a MAC
# address has one less.
statistics() {
  netstat -I "$1" -b -n 2> /dev/null | awk '
    NR == 1 { for (i = 1; i <= NF; i++) name[NF - i] = $i; next }
    $3 ~ /^<Link#/ {
      for (i = 0; i < NF; i++) if (i in name) value[name[i]] = $(NF - i)
      print "NIC statistics:"
      if ("Ierrs" in value) print "     rx_errors: " value["Ierrs"]
      if ("Idrop" in value) print "     rx_drops: " value["Idrop"]
      if ("Oerrs" in value) print "     tx_errors: " value["Oerrs"]
      exit
    }'
}

mtu() {
  ifconfig "$1" 2> /dev/null | awk '/ flags=/ { for (i = 3; i < NF; i++) if ($i == "mtu") print $(i + 1); exit }'
}

mark=
nics=
while [ $# -gt 0 ]; do
  case $1 in
    -n) echo "FreeBSD has no network namespaces" >&2; exit 1 ;;
    -l) mark=$2; shift 2 ;;
    -d) shift ;;
    -s) nics="$nics s:$2"; shift 2 ;;
    *) nics="$nics k:$1"; shift ;;
  esac
done

show /proc/net/snmp "$(ip_counters; icmp_counters)"
show /proc/net/snmp6 "$(ip6_counters)"
for nic in $nics; do
  name=${nic#?:}
  show "ethtool -k $name" "$(features "$name")"
  case $nic in s:*) show "ethtool -S $name" "$(statistics "$name")" ;; esac
  show "mtu $name" "$(mtu "$name")"
done
show ip_forward "$(sysctl -n net.inet.ip.forwarding 2> /dev/null)"
show ipv6_forwarding "$(sysctl -n net.inet6.ip6.forwarding 2> /dev/null)"
# The mark was written to the console, which the kernel's log has too; without it nobody knows where the leg began.
# What programs told syslog is there as well, behind "<PRIORITY>" from 8 on, and is left out.
if [ -n "$mark" ]; then
  show "kernel log" "$(dmesg -a 2> /dev/null | awk -v mark="$mark" '
    index($0, mark) { text = $0 "\n"; found = 1; next }
    /^(\[[0-9.]+\] )?<([89]|[1-9][0-9]+)>/ { next }
    { text = text $0 "\n" }
    END { if (found) printf "%s", text }')"
fi
section end
exit 0
