// What is around a packet: VLAN tags, MPLS, PPPoE, tunnels. Read from outside to inside, at most 8 of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "capture/ip_header.h"
#include "model/frame.h"

namespace offlab {

struct InnermostPacket {
  IpHeader ip;
  std::span<const std::uint8_t> bytes;  // from its IP header on, as far as they were kept
  // Digest of the MAC addresses, VLAN IDs and what identifies the outer headers: IP addresses, VNI, GRE key, ERSPAN
  // session, MPLS labels, PPPoE session. Nothing that differs from packet to packet is in it.
  std::uint32_t place = 0;
  bool tunneled = false;        // within another IP packet
  bool outer_fragment = false;  // which is a fragment
};

// The innermost IP packet that can be read. `frame`: from the Ethernet header on; `length`: its bytes on the link.
// False when there is none.
bool find_innermost_packet(std::span<const std::uint8_t> frame, std::uint32_t length, InnermostPacket& packet);

// In words, from outside to inside: "VLAN 10 / VXLAN (VNI 42) over IPv4", "IPv6 in IPv4"; empty for IP over Ethernet.
std::string describe_encapsulation(const Frame& frame);

// What may well carry TCP but is not read, or cannot be: "ESP (IPsec)", "MACsec", "IP fragment" (those without a
// transport header), "cut-off headers". Nothing for TCP that is read, and for what plainly is none: ARP, UDP, STP.
std::optional<std::string_view> unread_protocol(const Frame& frame);

}  // namespace offlab
