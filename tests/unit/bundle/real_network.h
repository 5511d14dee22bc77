// Captures as of somebody's own network: addresses that are no test addresses, payload that is nobody's business.
#pragma once

#include <string>
#include <vector>

#include "unit/bundle/checked_packets.h"
#include "unit/runner/captured_pair.h"

namespace offlab {

inline const std::string secret_payload = "PASS hunter2\r\n";
inline const std::string secret_name = "fileserver.corp.example";

// 198.18.x.y becomes 10.77.x.y, 2001:2:0:x::y becomes 2001:db8:77:x::y, wherever they are; what TCP carries becomes
// secret_payload, again and again. Frames of others are put between: ARP, DNS about secret_name, another TCP
// connection. Of plain Ethernet frames.
Frames in_real_network(Frames frames);

// Of machines that have nothing to do with it: ARP, DNS about secret_name, a TCP connection.
Frames frames_of_others(std::int64_t time_ns);

// What must not be in what is handed over: the network's addresses, MAC addresses, payload and names.
std::vector<std::pair<std::string, PacketBytes>> secrets_of(const Frames& frames);

}  // namespace offlab
