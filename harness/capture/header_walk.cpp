// Ethernet, VLAN tags, SNAP, and IP within IP.
#include "capture/header_walk.h"

#include <cstring>

namespace offlab {
namespace {

template <typename Number>
Number raw(const std::uint8_t* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

bool may_carry_tcp(std::uint8_t protocol) {
  switch (protocol) {
    case 4:
    case protocol_tcp:
    case 17:
    case 41:
    case 43:
    case 47:
    case 50:
    case 51:
    case 60:
    case 97:
    case 108:
    case 115:
    case 137:
    case 143:
      return true;
    default:
      return false;
  }
}

}  // namespace

void HeaderWalk::read() {
  NextHeader next = read_ethernet();
  if (next == NextHeader::ip) next = read_ip();  // most often that is all
  while (next != NextHeader::nothing) next = read_one(next);
}

NextHeader HeaderWalk::read_one(NextHeader content) {
  switch (content) {
    case NextHeader::nothing:
      return NextHeader::nothing;
    case NextHeader::ethernet:
      return read_ethernet();
    case NextHeader::llc:
      return read_llc();
    case NextHeader::ip:
      return read_ip();
    case NextHeader::mpls:
      return read_mpls();
    case NextHeader::pppoe:
      return read_pppoe();
    case NextHeader::ppp:
      return read_ppp();
    case NextHeader::gre:
      return read_gre();
    case NextHeader::erspan_2:
      return read_erspan_2();
    case NextHeader::erspan_3:
      return read_erspan_3();
    case NextHeader::udp:
      return read_udp();
    case NextHeader::vxlan:
      return read_vxlan();
    case NextHeader::geneve:
      return read_geneve();
    case NextHeader::tzsp:
      return read_tzsp();
    case NextHeader::gtp:
      return read_gtp();
    case NextHeader::l2tp:
      return read_l2tp();
  }
  return NextHeader::nothing;
}

NextHeader HeaderWalk::enter(OuterKind kind, std::uint32_t identity, NextHeader next) {
  if (levels_ == outer_.size()) return stop("too many levels of encapsulation");
  outer_[levels_++] = {kind, has_found_, found_.ip.source.family, identity};
  place_.add((std::uint64_t{static_cast<std::uint8_t>(kind)} << 32U) | identity);
  if (!has_found_) return next;
  found_.tunneled = true;
  found_.outer_fragment = found_.outer_fragment || found_.ip.fragment;
  for (const IpAddress& address : {found_.ip.source, found_.ip.destination}) {
    place_.add(raw<std::uint64_t>(address.bytes.data()));
    place_.add(raw<std::uint64_t>(address.bytes.data() + 8));
  }
  return next;
}

NextHeader HeaderWalk::enter_type(OuterKind kind, std::uint32_t identity, std::uint16_t type) {
  if (enter(kind, identity, NextHeader::ethernet) == NextHeader::nothing) return NextHeader::nothing;
  return read_ether_type(type);
}

NextHeader HeaderWalk::read_ethernet() {
  if (!has(ethernet_header)) return stop_at_end();
  place_.add(raw<std::uint64_t>(left_.data()));
  place_.add(raw<std::uint32_t>(left_.data() + 8));
  const std::uint16_t type = u16(12);
  take(ethernet_header);
  return read_ether_type(type);
}

// EtherTypes: IANA's and IEEE's lists of them.
NextHeader HeaderWalk::read_ether_type(std::uint16_t type) {
  if (is_vlan_tag(type)) return read_vlan_tags(type);
  switch (type) {
    case 0x0800:
    case 0x86dd:
      return NextHeader::ip;
    case 0x8847:
    case 0x8848:
      return NextHeader::mpls;
    case 0x8864:
      return NextHeader::pppoe;
    case 0x6558:
      return NextHeader::ethernet;
    case 0x22f3:
      return stop("TRILL");
    case 0x4305:
      return stop("batman-adv");
    case 0x8903:
      return stop("FabricPath");
    case 0x8909:
      return stop("Cisco MetaData");
    case 0x88e5:
      return stop("MACsec");
    case 0x88e7:
      return stop("802.1ah (PBB)");
    case 0x8926:
      return stop("VN-Tag");
    case 0x892f:
      return stop("HSR");
    case 0x893f:
      return stop("802.1BR (E-Tag)");
    case 0x894f:
      return stop("NSH");
    default:
      return type <= 1500 ? NextHeader::llc : NextHeader::nothing;
  }
}

NextHeader HeaderWalk::read_vlan_tags(std::uint16_t type) {
  while (is_vlan_tag(type)) {
    if (!has(4)) return stop_at_end();
    if (enter(OuterKind::vlan, u16(0) & 0x0fffU, NextHeader::ethernet) == NextHeader::nothing)
      return NextHeader::nothing;
    type = u16(2);
    take(4);
  }
  return read_ether_type(type);
}

// 802.2 with a SNAP header (RFC 1042), or one of a bridge tunnel (802.1H).
NextHeader HeaderWalk::read_llc() {
  if (!has(8)) return stop_at_end();
  const std::uint32_t organisation = u24(3);
  if (u24(0) != 0xaaaa03 || (organisation != 0 && organisation != 0x0000f8)) return NextHeader::nothing;
  const std::uint16_t type = u16(6);
  take(8);
  return type > 1500 ? read_ether_type(type) : NextHeader::nothing;
}

NextHeader HeaderWalk::read_ip() {
  if (!parse_ip_header(left_, on_link_, found_.ip)) return has(40) ? NextHeader::nothing : stop_at_end();
  has_found_ = true;
  found_.bytes = left_;
  take(found_.ip.header_bytes);
  if (found_.ip.protocol == protocol_tcp && !found_.ip.later_fragment) return NextHeader::nothing;
  return read_ip_payload();
}

// Protocol numbers: IANA's list.
NextHeader HeaderWalk::read_ip_payload() {
  const IpHeader& ip = found_.ip;
  if (ip.cut_off) return stop_at_end();
  if (ip.later_fragment) return may_carry_tcp(ip.protocol) ? stop("IP fragment") : NextHeader::nothing;
  switch (ip.protocol) {
    case 4:
      return enter(OuterKind::ipv4_in_ip, 0, NextHeader::ip);
    case 41:
      return enter(OuterKind::ipv6_in_ip, 0, NextHeader::ip);
    case 17:
      return NextHeader::udp;
    case 47:
      return NextHeader::gre;
    case 50:
      return stop("ESP (IPsec)");
    case 55:
      return stop("minimal encapsulation");
    case 97:
      return read_ether_ip();
    case 108:
      return stop("IPComp");
    case 115:
      return stop("L2TPv3");
    case 137:
      return NextHeader::mpls;
    case 143:
      return enter(OuterKind::ethernet_in_ip, 0, NextHeader::ethernet);
    default:
      return NextHeader::nothing;
  }
}

// EtherIP (RFC 3378).
NextHeader HeaderWalk::read_ether_ip() {
  if (!has(2)) return stop_at_end();
  if (u8(0) >> 4U != 3) return NextHeader::nothing;
  take(2);
  return enter(OuterKind::ethernet_in_ip, 0, NextHeader::ethernet);
}

}  // namespace offlab
