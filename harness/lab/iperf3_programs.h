// iperf3 in a guest as a program that ends with its stdin. With --json it does not say how far it is; the kernel's
// table of connections does.
#pragma once

#include <cstdint>
#include <string>

namespace offlab {

// Ends with its stdin, and prints its report all the same.
std::string iperf3_ended_by_input(const std::string& command);
// The same, and prints GuestProgram::listening when others can connect to this TCP port of the guest.
std::string listening_iperf3(const std::string& command, std::uint16_t port);
// The same, and prints GuestProgram::connected when a connection to this TCP port of another node is up.
std::string connecting_iperf3(const std::string& command, std::uint16_t port);

}  // namespace offlab
