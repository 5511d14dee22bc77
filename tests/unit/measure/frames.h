// Recorded frames as IPv6 packets.
#pragma once

#include <cstdint>
#include <vector>

#include "capture/frame_edit.h"

namespace offlab {

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
