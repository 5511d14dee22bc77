#include "capture/encapsulation.h"

#include <fmt/core.h>

#include "capture/header_walk.h"

namespace offlab {
namespace {

std::string_view name_of(Family family) {
  return family == Family::ipv4 ? "IPv4" : "IPv6";
}

std::string name_of(const OuterHeader& outer) {
  const auto over = [&](const std::string& name) {
    return outer.over_ip ? fmt::format("{} over {}", name, name_of(outer.family)) : name;
  };
  const auto in = [&](std::string_view name) { return fmt::format("{} in {}", name, name_of(outer.family)); };
  switch (outer.kind) {
    case OuterKind::vlan:
      return fmt::format("VLAN {}", outer.identity);
    case OuterKind::mpls:
      return "MPLS";
    case OuterKind::pppoe:
      return "PPPoE";
    case OuterKind::ipv4_in_ip:
      return in("IPv4");
    case OuterKind::ipv6_in_ip:
      return in("IPv6");
    case OuterKind::ethernet_in_ip:
      return in("Ethernet");
    case OuterKind::gre:
      return over("GRE");
    case OuterKind::gre_ethernet:
      return over("Ethernet in GRE");
    case OuterKind::gre_ppp:
      return over("PPP in GRE");
    case OuterKind::erspan_1:
      return "ERSPAN I";
    case OuterKind::erspan_2:
      return "ERSPAN II";
    case OuterKind::erspan_3:
      return "ERSPAN III";
    case OuterKind::vxlan:
      return over(fmt::format("VXLAN (VNI {})", outer.identity));
    case OuterKind::geneve:
      return over(fmt::format("Geneve (VNI {})", outer.identity));
    case OuterKind::tzsp:
      return over("TZSP");
    case OuterKind::gtp:
      return over("GTP-U");
    case OuterKind::l2tp:
      return over("L2TP");
  }
  return {};
}

}  // namespace

bool find_innermost_packet(std::span<const std::uint8_t> frame, std::uint32_t length, InnermostPacket& packet) {
  HeaderWalk walk(frame, length, packet);
  walk.read();
  packet.place = walk.place();
  return walk.has_found();
}

std::string describe_encapsulation(const Frame& frame) {
  InnermostPacket packet;
  HeaderWalk walk(frame.bytes, frame.length, packet);
  walk.read();
  std::string names;
  for (const OuterHeader& outer : walk.outer()) names += (names.empty() ? "" : " / ") + name_of(outer);
  return names;
}

std::optional<std::string_view> unread_protocol(const Frame& frame) {
  constexpr std::size_t up_to_flags = 14;
  constexpr std::uint32_t least_tcp_header = 20;
  if (frame.bytes.empty()) return std::nullopt;  // a link that is not read tells its own name
  InnermostPacket packet;
  HeaderWalk walk(frame.bytes, frame.length, packet);
  walk.read();
  const IpHeader& ip = packet.ip;
  if (walk.unread() || !walk.has_found() || ip.protocol != protocol_tcp || ip.later_fragment) return walk.unread();
  const bool is_cut_off = ip.payload.size() < up_to_flags && ip.length >= ip.header_bytes + least_tcp_header;
  return is_cut_off ? std::optional(cut_off_headers) : std::nullopt;
}

}  // namespace offlab
