// Tunnels over UDP.
#include "capture/header_walk.h"

namespace offlab {
namespace {

// What is carried over UDP and not read; by port numbers, of which either end may have it.
std::string_view name_of_udp_port(std::uint16_t port) {
  switch (port) {
    case 1194:
      return "OpenVPN";
    case 3544:
      return "Teredo";
    case 4341:
      return "LISP";
    case 4500:
      return "ESP (IPsec) over UDP";
    case 5247:
      return "CAPWAP";
    case 6080:
      return "GUE";
    case 51820:
      return "WireGuard";
    default:
      return {};
  }
}

}  // namespace

// Port numbers: IANA's list, and 8472, which Linux has for VXLAN.
NextHeader HeaderWalk::read_udp() {
  if (!has(8)) return stop_at_end();
  const std::uint16_t source = u16(0);
  const std::uint16_t destination = u16(2);
  take(8);
  switch (destination) {
    case 1701:
      return NextHeader::l2tp;
    case 2152:
      return NextHeader::gtp;
    case 4789:
    case 4790:
    case 8472:
      return NextHeader::vxlan;
    case 6081:
      return NextHeader::geneve;
    case 6635:
      return NextHeader::mpls;
    case 37008:
      return NextHeader::tzsp;
    default:
      break;
  }
  for (const std::uint16_t port : {destination, source})
    if (const std::string_view name = name_of_udp_port(port); !name.empty()) return stop(name);
  return source == 1701 ? NextHeader::l2tp : NextHeader::nothing;
}

// RFC 7348; with a protocol of its own: draft-ietf-nvo3-vxlan-gpe.
NextHeader HeaderWalk::read_vxlan() {
  if (!has(8)) return stop_at_end();
  constexpr unsigned has_vni = 0x08;
  constexpr unsigned has_protocol = 0x04;
  const unsigned flags = u8(0);
  if ((flags & has_vni) == 0) return NextHeader::nothing;
  const unsigned protocol = (flags & has_protocol) != 0 ? u8(3) : 3U;
  const std::uint32_t vni = u24(4);
  take(8);
  switch (protocol) {
    case 1:
    case 2:
      return enter(OuterKind::vxlan, vni, NextHeader::ip);
    case 3:
      return enter(OuterKind::vxlan, vni, NextHeader::ethernet);
    case 5:
      return enter(OuterKind::vxlan, vni, NextHeader::mpls);
    case 4:
      return stop("NSH");
    default:
      return NextHeader::nothing;
  }
}

// RFC 8926.
NextHeader HeaderWalk::read_geneve() {
  if (!has(8)) return stop_at_end();
  if (u8(0) >> 6U != 0) return NextHeader::nothing;
  const std::size_t size = 8U + (u8(0) & 0x3fU) * 4U;
  if (!has(size)) return stop_at_end();
  const std::uint16_t type = u16(2);
  const std::uint32_t vni = u24(4);
  take(size);
  return enter_type(OuterKind::geneve, vni, type);
}

// Version, type, what is captured, and then tagged fields up to the one that ends them.
NextHeader HeaderWalk::read_tzsp() {
  if (!has(4)) return stop_at_end();
  const std::uint16_t captured = u16(2);
  if (u8(0) != 1 || u8(1) > 1) return NextHeader::nothing;
  take(4);
  constexpr std::uint8_t padding = 0;
  constexpr std::uint8_t end = 1;
  for (;;) {
    if (!has(1)) return stop_at_end();
    const std::uint8_t tag = u8(0);
    if (tag != padding && tag != end && !has(2)) return stop_at_end();
    const std::size_t size = tag == padding || tag == end ? 1U : 2U + u8(1);
    if (!has(size)) return stop_at_end();
    take(size);
    if (tag == end) break;
  }
  if (captured == 18 || captured == 119 || captured == 127) return stop("IEEE 802.11 in TZSP");
  return captured == 1 ? enter(OuterKind::tzsp, 0, NextHeader::ethernet) : NextHeader::nothing;
}

// 3GPP TS 29.281.
NextHeader HeaderWalk::read_gtp() {
  if (!has(8)) return stop_at_end();
  constexpr unsigned version_1 = 0x30;  // and no GTP'
  constexpr std::uint8_t user_packet = 255;
  const unsigned flags = u8(0);
  if ((flags & 0xf0U) != version_1 || u8(1) != user_packet) return NextHeader::nothing;
  const std::uint32_t tunnel = u32(4);
  std::uint8_t extension = 0;
  if ((flags & 7U) != 0) {
    if (!has(12)) return stop_at_end();
    if ((flags & 4U) != 0) extension = u8(11);
    take(4);
  }
  take(8);
  if (enter(OuterKind::gtp, tunnel, NextHeader::ip) == NextHeader::nothing) return NextHeader::nothing;
  return read_gtp_extensions(extension);
}

NextHeader HeaderWalk::read_gtp_extensions(std::uint8_t kind) {
  while (kind != 0) {
    if (!has(1)) return stop_at_end();
    const std::size_t size = std::size_t{u8(0)} * 4;
    if (size == 0) return NextHeader::nothing;
    if (!has(size)) return stop_at_end();
    kind = u8(size - 1);
    take(size);
  }
  return NextHeader::ip;
}

// RFC 2661; version 3 does not tell how long its cookie is (RFC 3931).
NextHeader HeaderWalk::read_l2tp() {
  if (!has(2)) return stop_at_end();
  const std::uint16_t flags = u16(0);
  if ((flags & 0x000fU) == 3) return stop("L2TPv3");
  constexpr unsigned is_control = 0x8000;
  if ((flags & 0x000fU) != 2 || (flags & is_control) != 0) return NextHeader::nothing;
  const std::size_t at = (flags & 0x4000U) != 0 ? 4 : 2;
  const std::size_t offset_at = at + 4 + ((flags & 0x0800U) != 0 ? 4 : 0);
  const bool has_offset = (flags & 0x0200U) != 0;
  if (!has(offset_at + 2)) return stop_at_end();
  const std::size_t size = offset_at + (has_offset ? 2U + u16(offset_at) : 0U);
  if (!has(size)) return stop_at_end();
  const std::uint32_t tunnel_and_session = u32(at);
  take(size);
  return enter(OuterKind::l2tp, tunnel_and_session, NextHeader::ppp);
}

}  // namespace offlab
