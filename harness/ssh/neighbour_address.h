// The IPv6 link-local address of a NIC on a link, by its MAC address: whatever rule its system makes addresses by.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/deadline.h"

namespace offlab {

// "fe80::5054:ff:fe4d:1", of the NIC with this MAC address on the link of `interface`. Everybody on the link is asked
// for an echo (ff02::1) until it answers; what it says of itself before counts as well. Throws Error.
std::string neighbour_address(const std::string& interface, const std::string& mac, const Deadline& deadline,
                              const std::stop_token& stop);

// The link-local address that an Ethernet frame was sent from, if it came from this MAC address. A sender that only
// asks whether an address is taken (RFC 4862, section 5.4) has none yet: its address is the unspecified one.
std::optional<std::string> link_local_source(std::span<const unsigned char> frame, const std::string& mac);

}  // namespace offlab
