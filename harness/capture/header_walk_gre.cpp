// GRE, and the ERSPAN in it.
#include "capture/header_walk.h"

namespace offlab {

// RFC 2784, RFC 2890; version 1 is that of PPTP (RFC 2637).
NextHeader HeaderWalk::read_gre() {
  if (!has(4)) return stop_at_end();
  const std::uint16_t flags = u16(0);
  const std::uint16_t type = u16(2);
  if ((flags & 7U) == 1) return read_pptp(flags);
  if ((flags & 7U) != 0) return NextHeader::nothing;
  if ((flags & 0x4000U) != 0) return stop("GRE with source routes");
  const bool has_checksum = (flags & 0x8000U) != 0;
  const bool has_key = (flags & 0x2000U) != 0;
  const bool has_sequence = (flags & 0x1000U) != 0;
  const std::size_t key_at = has_checksum ? 8 : 4;
  const std::size_t size = key_at + (has_key ? 4 : 0) + (has_sequence ? 4 : 0);
  if (!has(size)) return stop_at_end();
  const std::uint32_t key = has_key ? u32(key_at) : 0;
  take(size);
  switch (type) {
    case 0x88be:
      return has_sequence ? NextHeader::erspan_2 : enter(OuterKind::erspan_1, 0, NextHeader::ethernet);
    case 0x22eb:
      return NextHeader::erspan_3;
    case 0x6558:
      return enter(OuterKind::gre_ethernet, key, NextHeader::ethernet);
    case 0x880b:
      return enter(OuterKind::gre_ppp, key, NextHeader::ppp);
    case 0x883e:
      return stop("WCCP");
    default:
      return enter_type(OuterKind::gre, key, type);
  }
}

NextHeader HeaderWalk::read_pptp(std::uint16_t flags) {
  const std::size_t size = 8U + ((flags & 0x1000U) != 0 ? 4U : 0U) + ((flags & 0x0080U) != 0 ? 4U : 0U);
  if (!has(size)) return stop_at_end();
  if (u16(2) != 0x880b) return NextHeader::nothing;
  const std::uint16_t call = u16(6);
  take(size);
  return enter(OuterKind::gre_ppp, call, NextHeader::ppp);
}

// draft-foschiano-erspan
NextHeader HeaderWalk::read_erspan_2() {
  if (!has(8)) return stop_at_end();
  if (u8(0) >> 4U != 1) return NextHeader::nothing;
  const std::uint32_t vlan_and_session = ((u16(0) & 0x0fffU) << 16U) | (u16(2) & 0x03ffU);
  take(8);
  return enter(OuterKind::erspan_2, vlan_and_session, NextHeader::ethernet);
}

NextHeader HeaderWalk::read_erspan_3() {
  if (!has(12)) return stop_at_end();
  if (u8(0) >> 4U != 2) return NextHeader::nothing;
  const std::uint32_t vlan_and_session = ((u16(0) & 0x0fffU) << 16U) | (u16(2) & 0x03ffU);
  const unsigned frame_type = (u16(10) >> 10U) & 0x1fU;
  const std::size_t size = (u16(10) & 1U) != 0 ? 20 : 12;
  if (!has(size)) return stop_at_end();
  take(size);
  constexpr unsigned ip = 2;
  return enter(OuterKind::erspan_3, vlan_and_session, frame_type == ip ? NextHeader::ip : NextHeader::ethernet);
}

}  // namespace offlab
