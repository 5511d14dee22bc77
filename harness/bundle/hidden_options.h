// Options of headers that may name a host, a route or a person: their kinds and lengths stay, their content goes.
#pragma once

#include <cstdint>
#include <span>

#include "bundle/anonymous_addresses.h"

namespace offlab {

// The options of an IPv4 header, from its byte 20 on. Recorded routes, source routes and time stamps have addresses.
void hide_ipv4_options(std::span<std::uint8_t> options);

// The extension headers of an IPv6 packet, from its byte 40 on; `first` is the Next Header of the fixed header. The
// fragment header stays, and so do jumbo lengths and router alerts. Routes, home addresses and integrity values go.
void hide_ipv6_extensions(std::uint8_t first, std::span<std::uint8_t> extensions);

// The options of a TCP header, from its byte 20 on, as far as they were kept. MSS, window scale, SACK and timestamps
// stay. Others, multipath TCP's addresses and cookies among them, get other bytes: the same for the same ones, so that
// it is still seen whether a router changed them.
void hide_tcp_options(std::span<std::uint8_t> options, const AnonymousAddresses& addresses);

}  // namespace offlab
