// Captures on an ESXi host: pktcap-uw at a virtual NIC or an uplink, tcpdump-uw behind it for the filter. Pure.
// Sources: "Capturing and Tracing Network Packets by Using the pktcap-uw Utility" (vSphere Networking), and sessions
// that others published. Never tried on an ESXi host.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace offlab {

// Shell that makes $words of the place, or exits with 1 and a sentence on stdout: an uplink ("vmnic0"), or a virtual
// NIC by its MAC address, its name in `net-stats -l` ("router.eth0"), or the number of its port. Numbers change when a
// virtual machine starts; names do not.
std::string pktcap_place(const std::string& interface);
// Prints a capture. Ends with its stdin, and after `longest` in any case.
std::string pktcap_script(const std::string& interface, std::uint32_t snap_length, const std::string& filter,
                          std::chrono::seconds longest);
// "Dumped 4 packet to file -, dropped 0 packets.", "Dump: 4, broken : 0, drop: 0, file err: 0". Nothing where it did
// not say.
std::optional<std::uint64_t> dropped_by_pktcap(const std::string& errors);

}  // namespace offlab
