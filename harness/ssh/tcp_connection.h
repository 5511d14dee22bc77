// TCP connections to servers that may not be up yet.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "base/handle.h"

namespace offlab {

struct TcpAddress {
  std::string host;       // a name, an IPv4 or an IPv6 address
  std::string interface;  // of a link-local address; empty otherwise
  std::uint16_t port = 0;
};

// Tries again until somebody answers; the error at the deadline tells why nobody did. A name that does not exist is an
// error at once.
UniqueFd connect_tcp(const TcpAddress& address, const Deadline& deadline, const std::stop_token& stop);

}  // namespace offlab
