// MPLS and PPP.
#include "capture/header_walk.h"

namespace offlab {

// An IP header whose length is that of what follows, or none.
bool HeaderWalk::looks_like_ip() const {
  if (!has(20)) return false;
  if (u8(0) >> 4U == 4) {
    const std::uint32_t header = (u8(0) & 0x0fU) * 4U;
    return header >= 20 && (u16(2) == 0 || (u16(2) >= header && u16(2) <= on_link_));
  }
  return u8(0) >> 4U == 6 && u16(4) + 40U <= on_link_;
}

// MAC addresses look like nothing in particular, but the type behind them is one of few.
bool HeaderWalk::looks_like_ethernet(std::size_t at) const {
  if (!has(at + ethernet_header)) return false;
  const std::uint16_t type = u16(at + 12);
  if (is_vlan_tag(type)) return true;
  switch (type) {
    case 0x0800:
    case 0x0806:
    case 0x86dd:
    case 0x8847:
    case 0x8848:
    case 0x8863:
    case 0x8864:
    case 0x88cc:
    case 0x88e5:
      return true;
    default:
      return type > 0 && type <= 1500 && at + ethernet_header + type <= on_link_;
  }
}

// What follows the labels is not written in them (RFC 3032): IP begins with its version, and the control word of a
// pseudowire (RFC 4448) with four zero bits, which many MAC addresses do as well.
NextHeader HeaderWalk::read_mpls() {
  constexpr int most_labels = 16;
  for (int labels = 0;; ++labels) {
    if (!has(4)) return stop_at_end();
    if (labels == most_labels) return NextHeader::nothing;
    const std::uint32_t entry = u32(0);
    place_.add(entry >> 12U);
    take(4);
    if ((entry & 0x100U) != 0) break;
  }
  if (enter(OuterKind::mpls, 0, NextHeader::ethernet) == NextHeader::nothing) return NextHeader::nothing;
  if (looks_like_ip()) return NextHeader::ip;
  const bool with_control_word = has(4) && u8(0) >> 4U == 0 && looks_like_ethernet(4);
  if (with_control_word && (u16(0) == 0 || !looks_like_ethernet(0))) {
    take(4);
    return NextHeader::ethernet;
  }
  if (looks_like_ethernet(0)) return NextHeader::ethernet;
  if (!has(20)) return stop_at_end();
  return u8(0) >> 4U == 4 || u8(0) >> 4U == 6 ? NextHeader::ip : NextHeader::nothing;
}

// RFC 2516, session stage.
NextHeader HeaderWalk::read_pppoe() {
  if (!has(6)) return stop_at_end();
  if (u8(0) != 0x11 || u8(1) != 0) return NextHeader::nothing;
  const std::uint16_t session = u16(2);
  take(6);
  return enter(OuterKind::pppoe, session, NextHeader::ppp);
}

// Address and control are there or not (RFC 1661, RFC 1662), and the protocol may have one byte.
NextHeader HeaderWalk::read_ppp() {
  if (has(2) && u16(0) == 0xff03) take(2);
  if (!has(2)) return stop_at_end();
  const bool compressed = (u8(0) & 1U) != 0;
  const std::uint16_t protocol = compressed ? u8(0) : u16(0);
  take(compressed ? 1 : 2);
  switch (protocol) {
    case 0x0021:
    case 0x0057:
      return NextHeader::ip;
    case 0x0281:
    case 0x0283:
      return NextHeader::mpls;
    case 0x002d:
    case 0x002f:
      return stop("PPP with compressed TCP headers");
    case 0x003d:
      return stop("multilink PPP");
    case 0x0053:
    case 0x0055:
      return stop("encrypted PPP");
    case 0x00fb:
    case 0x00fd:
      return stop("compressed PPP");
    default:
      return NextHeader::nothing;
  }
}

}  // namespace offlab
