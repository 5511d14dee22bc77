// Kernel counters by name, and their growth between two readings.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/measurement.h"

namespace offlab {

using Counters = std::map<std::string, std::uint64_t>;

// /proc/net/snmp and /proc/net/netstat: pairs of lines "Ip: Forwarding ..." / "Ip: 1 ..." -> "Ip.FragFails". Values
// below zero (Tcp.MaxConn) are left out.
Counters parse_paired_counters(const std::string& text);
// /proc/net/snmp6: "Ip6InTooBigErrors  0" a line.
Counters parse_snmp6(const std::string& text);

// Any mix of these files in one text, as `cat /proc/net/snmp /proc/net/snmp6` prints them; other lines are passed over.
// Throws Error when there is no counter in it.
Counters parse_counter_text(const std::string& text);

// after - before. Absent when the counter is missing in either; IcmpMsg.* lines appear in the kernel's file with their
// first message only, so a name that is missing in `before` but belongs to a group that is there counts from 0.
Count growth(const Counters& before, const Counters& after, const std::string& name);

}  // namespace offlab
