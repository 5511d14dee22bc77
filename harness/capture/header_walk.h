// The walk over a frame's headers, from outside to inside: for encapsulation.h, which says what comes of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "capture/byte_order.h"
#include "capture/encapsulation.h"

namespace offlab {

// What comes next in a frame.
enum class NextHeader : std::uint8_t {
  nothing,  // that is read
  ethernet,
  llc,
  ip,
  mpls,
  pppoe,
  ppp,
  gre,
  erspan_2,
  erspan_3,
  udp,
  vxlan,
  geneve,
  tzsp,
  gtp,
  l2tp,
};

enum class OuterKind : std::uint8_t {
  vlan,
  mpls,
  pppoe,
  ipv4_in_ip,
  ipv6_in_ip,
  ethernet_in_ip,
  gre,
  gre_ethernet,
  gre_ppp,
  erspan_1,
  erspan_2,
  erspan_3,
  vxlan,
  geneve,
  tzsp,
  gtp,
  l2tp,
};

// EtherTypes of VLAN tags.
inline bool is_vlan_tag(std::uint16_t type) {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100 || type == 0x9200;
}

// A header around the packet.
struct OuterHeader {
  OuterKind kind;
  bool over_ip;            // there is an IP header before it
  Family family;           // of that
  std::uint32_t identity;  // VLAN ID, VNI, key, session
};

class PlaceDigest {
 public:
  void add(std::uint64_t number) {
    state_ = (state_ ^ number) * 0x9e3779b97f4a7c15U;  // 2^64 divided by the golden ratio, odd: a multiplicative hash
    state_ ^= state_ >> 32U;
  }
  std::uint32_t value() const { return static_cast<std::uint32_t>(state_); }

 private:
  std::uint64_t state_ = 0;
};

inline constexpr std::string_view cut_off_headers = "cut-off headers";

// Reads a frame's headers one after the other.
class HeaderWalk {
 public:
  HeaderWalk(std::span<const std::uint8_t> frame, std::uint32_t length, InnermostPacket& found)
      : left_(frame),
        on_link_(std::max(length, static_cast<std::uint32_t>(
                                      std::min<std::size_t>(frame.size(), std::numeric_limits<std::uint32_t>::max())))),
        found_(found) {}

  void read();

  bool has_found() const { return has_found_; }
  std::uint32_t place() const { return place_.value(); }
  std::optional<std::string_view> unread() const { return unread_; }
  std::span<const OuterHeader> outer() const { return {outer_.data(), levels_}; }

 private:
  static constexpr std::size_t most_levels = 8;
  static constexpr std::size_t ethernet_header = 14;

  NextHeader read_one(NextHeader content);
  NextHeader read_ethernet();
  NextHeader read_ether_type(std::uint16_t type);
  NextHeader read_vlan_tags(std::uint16_t type);
  NextHeader read_llc();
  NextHeader read_ip();
  NextHeader read_ip_payload();
  NextHeader read_mpls();
  NextHeader read_pppoe();
  NextHeader read_ppp();
  NextHeader read_ether_ip();
  NextHeader read_gre();
  NextHeader read_pptp(std::uint16_t flags);
  NextHeader read_erspan_2();
  NextHeader read_erspan_3();
  NextHeader read_udp();
  NextHeader read_vxlan();
  NextHeader read_geneve();
  NextHeader read_tzsp();
  NextHeader read_gtp();
  NextHeader read_gtp_extensions(std::uint8_t kind);
  NextHeader read_l2tp();

  std::uint8_t u8(std::size_t at) const { return left_[at]; }
  std::uint16_t u16(std::size_t at) const { return network_order.u16(left_, at); }
  std::uint32_t u24(std::size_t at) const { return network_order.u32(left_, at) >> 8U; }
  std::uint32_t u32(std::size_t at) const { return network_order.u32(left_, at); }
  bool has(std::size_t size) const { return left_.size() >= size; }
  void take(std::size_t size) {
    left_ = left_.subspan(size);
    on_link_ -= static_cast<std::uint32_t>(std::min<std::size_t>(size, on_link_));
  }
  bool looks_like_ip() const;
  bool looks_like_ethernet(std::size_t at) const;

  NextHeader stop(std::string_view unread) {
    unread_ = unread;
    return NextHeader::nothing;
  }
  // The header that comes next is not there, or not all of it.
  NextHeader stop_at_end() { return left_.size() < on_link_ ? stop(cut_off_headers) : NextHeader::nothing; }
  // A header was read that has `next` in it.
  NextHeader enter(OuterKind kind, std::uint32_t identity, NextHeader next);
  NextHeader enter_type(OuterKind kind, std::uint32_t identity, std::uint16_t type);

  std::span<const std::uint8_t> left_;
  std::uint32_t on_link_;  // bytes from there on
  InnermostPacket& found_;
  bool has_found_ = false;
  PlaceDigest place_;
  std::size_t levels_ = 0;
  std::array<OuterHeader, most_levels> outer_;
  std::optional<std::string_view> unread_;
};

}  // namespace offlab
