// IPv4 headers (RFC 791) and IPv6 headers (RFC 8200), with the lengths that they do not have themselves.
#pragma once

#include <cstdint>
#include <span>

#include "model/address.h"

namespace offlab {

inline constexpr std::uint8_t protocol_icmp = 1;
inline constexpr std::uint8_t protocol_tcp = 6;
inline constexpr std::uint8_t protocol_icmp6 = 58;

struct IpHeader {
  IpAddress source;
  IpAddress destination;
  std::uint32_t length = 0;          // of the packet, header included; 0 when nothing tells it
  std::uint32_t header_bytes = 0;    // with options and IPv6 extension headers, and an authentication header (RFC 4302)
  std::uint16_t identification = 0;  // IPv4
  std::uint8_t protocol = 0;         // of what follows these; a later fragment does not have its header
  std::uint8_t hop_limit = 0;
  std::uint8_t traffic_class = 0;
  bool df = false;              // always true for IPv6
  bool fragment = false;        // MF or an offset
  bool later_fragment = false;  // an offset
  bool cut_off = false;         // extension headers are missing, and `protocol` is that of the first one
  std::span<const std::uint8_t> payload;
};

// `bytes`: from the IP header on, as far as they were kept. `on_link`: how many there were on the link, which is the
// packet's length where the header has none: IPv4 with a Total Length of 0 (before segmentation by a NIC, or longer
// than 65535 bytes), IPv6 with a Payload Length of 0 and no Jumbo Payload option (RFC 2675). 0: not known.
// False, and `ip` unchanged, when there is no such header or it was cut off.
bool parse_ip_header(std::span<const std::uint8_t> bytes, std::uint32_t on_link, IpHeader& ip);

// Of an IPv4 header that parse_ip_header() has accepted.
bool has_right_checksum(std::span<const std::uint8_t> ipv4);

}  // namespace offlab
