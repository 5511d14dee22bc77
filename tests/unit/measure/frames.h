// Changes to recorded frames, by the offsets of their headers: Ethernet 14 bytes, IPv4 20, TCP 32.
#pragma once

#include <cstdint>
#include <vector>

#include "fake/frame_list.h"

namespace offlab {

using FrameBytes = std::vector<std::uint8_t>;

inline constexpr std::size_t at_ip = 14;
inline constexpr std::size_t at_ip_flags = at_ip + 6;
inline constexpr std::size_t at_protocol = at_ip + 9;
inline constexpr std::size_t at_transport = at_ip + 20;
inline constexpr std::size_t at_icmp_mtu = at_transport + 6;
inline constexpr std::size_t at_quote = at_transport + 8;  // the refused packet in an ICMP error
inline constexpr std::size_t at_quoted_ports = at_quote + 20;

inline std::uint32_t number_at(const FrameBytes& bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | bytes.at(at + i);
  return number;
}

inline void put_number(FrameBytes& bytes, std::size_t at, std::size_t size, std::uint32_t number) {
  for (std::size_t i = size; i-- > 0; number >>= 8U) bytes.at(at + i) = static_cast<std::uint8_t>(number);
}

inline bool is_icmp(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x0800 && frame.bytes.at(at_protocol) == 1;
}
inline bool is_tcp(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x0800 && frame.bytes.at(at_protocol) == 6;
}

// The TCP packet of an IPv4 frame in an IPv6 packet (RFC 8200) between 2001:2:0:2::2 and 2001:2:0:1::2.
inline FrameBytes as_ipv6(const FrameBytes& frame) {
  FrameBytes made(frame.begin(), frame.begin() + 12);
  made.insert(made.end(), {0x86, 0xdd, 0x60, 0, 0, 0, 0, 0, 6, 64});
  put_number(made, 18, 2, number_at(frame, at_ip + 2, 2) - 20);
  made.insert(made.end(), {0x20, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2});
  made.insert(made.end(), {0x20, 1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2});
  made.insert(made.end(), frame.begin() + at_transport, frame.end());
  return made;
}

// An ICMPv6 "packet too big" (RFC 4443) from 2001:2:0:2::1 that quotes an IPv6 frame's packet.
inline FrameBytes too_big_about(const FrameBytes& frame, std::uint32_t mtu) {
  FrameBytes made(frame.begin(), frame.begin() + 14);
  made.insert(made.end(), {0x60, 0, 0, 0, 0, 0, 58, 64});
  made.insert(made.end(), {0x20, 1, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1});
  made.insert(made.end(), frame.begin() + 22, frame.begin() + 38);
  made.insert(made.end(), {2, 0, 0, 0, 0, 0, 0, 0});
  put_number(made, 58, 4, mtu);
  made.insert(made.end(), frame.begin() + 14, frame.end());
  put_number(made, 18, 2, static_cast<std::uint32_t>(made.size()) - 54);
  return made;
}

}  // namespace offlab
