#include "capture/link_layer.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "capture/byte_order.h"

namespace offlab {
namespace {

using Bytes = std::span<const std::uint8_t>;
using MacAddress = std::array<std::uint8_t, 6>;

constexpr std::size_t ethernet_header = 14;
constexpr std::size_t mac_addresses = 12;
constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86dd;
constexpr std::uint16_t type_vlan = 0x8100;
constexpr std::uint16_t type_mpls = 0x8847;
constexpr std::uint16_t type_pppoe = 0x8864;

// What a link's header says.
struct LinkHeader {
  std::size_t size = 0;    // up to the packet
  std::uint16_t type = 0;  // EtherType; 0 for what has none
  MacAddress destination = {};
  MacAddress sender = {};
  std::optional<bool> sent;              // by the host that captured
  std::uint32_t link_index = 0;          // of its interface; 0: unknown
  std::optional<std::uint32_t> payload;  // bytes of the packet, where something else may follow it
};

// Nothing: it was cut off.
using MaybeHeader = std::optional<LinkHeader>;

MacAddress mac_at(Bytes bytes, std::size_t at) {
  MacAddress mac;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
  return mac;
}

std::uint16_t type_by_version(Bytes packet) {
  const unsigned version = packet.empty() ? 0 : packet[0] >> 4U;
  return version == 4 ? type_ipv4 : version == 6 ? type_ipv6 : std::uint16_t{0};
}

LinkHeader without_header(std::uint16_t type) {
  LinkHeader header;
  header.type = type;
  return header;
}

constexpr std::uint8_t packet_outgoing = 4;  // of linux/if_packet.h

MaybeHeader cooked(Bytes bytes) {
  LinkHeader header;
  header.size = 16;
  if (bytes.size() < header.size) return std::nullopt;
  header.type = network_order.u16(bytes, 14);
  header.sender = mac_at(bytes, 6);
  header.sent = network_order.u16(bytes, 0) == packet_outgoing;
  return header;
}

MaybeHeader cooked_2(Bytes bytes) {
  LinkHeader header;
  header.size = 20;
  if (bytes.size() < header.size) return std::nullopt;
  header.type = network_order.u16(bytes, 0);
  header.link_index = network_order.u32(bytes, 4);
  header.sent = bytes[10] == packet_outgoing;
  header.sender = mac_at(bytes, 12);
  return header;
}

std::uint16_t type_of_family(std::uint32_t family) {
  switch (family) {
    case 2:
      return type_ipv4;
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 26:  // Solaris
    case 28:  // FreeBSD
    case 30:  // macOS
      return type_ipv6;
    default:
      return 0;
  }
}

// The address family, in the byte order of whatever machine captured, or in network order.
MaybeHeader loopback(Bytes bytes) {
  LinkHeader header;
  header.size = 4;
  if (bytes.size() < header.size) return std::nullopt;
  std::uint32_t family = network_order.u32(bytes, 0);
  if (family > 0xffff) family = ByteOrder{std::endian::little}.u32(bytes, 0);
  header.type = type_of_family(family);
  return header;
}

// Address, control and an EtherType; of what Cisco routers say to each other there is none.
MaybeHeader cisco_hdlc(Bytes bytes) {
  LinkHeader header;
  header.size = 4;
  if (bytes.size() < header.size) return std::nullopt;
  header.type = network_order.u16(bytes, 2);
  return header;
}

std::uint16_t type_of_ppp(std::uint16_t protocol) {
  switch (protocol) {
    case 0x0021:
      return type_ipv4;
    case 0x0057:
      return type_ipv6;
    case 0x0281:
      return type_mpls;
    default:
      return 0;
  }
}

// Address and control are there or not, and the protocol may have one byte (RFC 1661, RFC 1662).
MaybeHeader ppp_protocol(Bytes bytes, std::size_t at) {
  LinkHeader header;
  if (bytes.size() < at + 2) return std::nullopt;
  const bool compressed = (bytes[at] & 1U) != 0;
  header.size = at + (compressed ? 1 : 2);
  header.type = type_of_ppp(compressed ? bytes[at] : network_order.u16(bytes, at));
  return header;
}

MaybeHeader ppp(Bytes bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const std::uint16_t start = network_order.u16(bytes, 0);
  if (start == 0x0f00 || start == 0x8f00) return cisco_hdlc(bytes);
  return ppp_protocol(bytes, start == 0xff03 ? 2 : 0);
}

MaybeHeader ppp_of_pppd(Bytes bytes) {
  MaybeHeader header = ppp_protocol(bytes, 2);
  if (header) header->sent = bytes[0] != 0;
  return header;
}

// A byte before the header of another link: 0 for received.
template <typename Read>
MaybeHeader with_direction(Bytes bytes, Read read) {
  if (bytes.empty()) return std::nullopt;
  MaybeHeader header = read(bytes.subspan(1));
  if (!header) return header;
  ++header->size;
  header->sent = bytes[0] != 0;
  return header;
}

MaybeHeader ipnet(Bytes bytes) {
  LinkHeader header;
  header.size = 24;
  if (bytes.size() < header.size) return std::nullopt;
  header.type = type_of_family(bytes[1]);
  header.sent = network_order.u16(bytes, 2) == 1;
  header.link_index = network_order.u32(bytes, 8);
  return header;
}

// One attribute of an NFLOG header; linux/netfilter/nfnetlink_log.h.
void read_nflog_attribute(unsigned type, Bytes value, LinkHeader& header) {
  constexpr unsigned packet_header = 1;
  constexpr unsigned index_in = 4;
  constexpr unsigned index_out = 5;
  constexpr unsigned hardware_address = 8;
  if (type == packet_header && value.size() >= 2) header.type = network_order.u16(value, 0);
  if ((type == index_in || type == index_out) && value.size() >= 4) {
    // Both are there when it is forwarded.
    header.sent = header.link_index == 0 ? std::optional(type == index_out) : std::nullopt;
    if (header.link_index == 0) header.link_index = network_order.u32(value, 0);
  }
  if (type == hardware_address && value.size() >= 10 && network_order.u16(value, 0) == 6)
    header.sender = mac_at(value, 4);
}

// Attributes with types and lengths in the byte order of the machine that captured; types are below 256.
MaybeHeader nflog(Bytes bytes) {
  constexpr unsigned payload = 9;
  constexpr std::size_t head = 4;
  LinkHeader header;
  if (bytes.size() < 2 * head) return std::nullopt;
  const ByteOrder order{bytes[head + 2] != 0 ? std::endian::little : std::endian::big};
  for (std::size_t at = head; at + head <= bytes.size();) {
    const std::size_t size = order.u16(bytes, at);
    const unsigned type = order.u16(bytes, at + 2) & 0x7fffU;
    if (size < head) return std::nullopt;
    const Bytes value = bytes.subspan(at + head, std::min(bytes.size() - at, size) - head);
    if (type == payload) {
      header.size = at + head;
      header.payload = static_cast<std::uint32_t>(size - head);
      if (header.type == 0) header.type = type_by_version(value);
      return header;
    }
    read_nflog_attribute(type, value, header);
    at += (size + 3) / 4 * 4;
  }
  return std::nullopt;
}

// Tags of switch chips, between the MAC addresses and the type.
MaybeHeader tagged(Bytes bytes, std::size_t macs_at, std::size_t type_at) {
  LinkHeader header;
  header.size = type_at + 2;
  if (bytes.size() < header.size) return std::nullopt;
  header.destination = mac_at(bytes, macs_at);
  header.sender = mac_at(bytes, macs_at + 6);
  header.type = network_order.u16(bytes, type_at);
  return header;
}

// Four bytes at `tag_at`. In a frame with a VLAN tag they are there in its place, and the last two are those of the
// VLAN tag (net/dsa/tag_dsa.c of Linux).
MaybeHeader marvell_tag(Bytes bytes, std::size_t tag_at) {
  MaybeHeader header = tagged(bytes, 0, tag_at + 4);
  constexpr unsigned has_vlan = 0x20;
  if (!header || (bytes[tag_at] & has_vlan) == 0) return header;
  header->size = tag_at + 2;
  header->type = type_vlan;
  return header;
}

MaybeHeader read_header(LinkLayer link, Bytes bytes) {
  constexpr std::size_t tag = 4;
  switch (link) {
    case LinkLayer::ethernet:
      return tagged(bytes, 0, mac_addresses);
    case LinkLayer::raw_ip:
      return without_header(type_by_version(bytes));
    case LinkLayer::cooked:
      return cooked(bytes);
    case LinkLayer::cooked_2:
      return cooked_2(bytes);
    case LinkLayer::loopback:
      return loopback(bytes);
    case LinkLayer::ppp:
      return ppp(bytes);
    case LinkLayer::ppp_with_direction:
      return with_direction(bytes, ppp);
    case LinkLayer::ppp_of_pppd:
      return ppp_of_pppd(bytes);
    case LinkLayer::pppoe:
      return without_header(type_pppoe);
    case LinkLayer::cisco_hdlc:
      return cisco_hdlc(bytes);
    case LinkLayer::cisco_hdlc_with_direction:
      return with_direction(bytes, cisco_hdlc);
    case LinkLayer::mpls:
      return without_header(type_mpls);
    case LinkLayer::ipnet:
      return ipnet(bytes);
    case LinkLayer::nflog:
      return nflog(bytes);
    case LinkLayer::broadcom_tag:
      return tagged(bytes, 0, mac_addresses + tag);
    case LinkLayer::broadcom_tag_prepended:
      return tagged(bytes, tag, tag + mac_addresses);
    case LinkLayer::marvell_tag:
      return marvell_tag(bytes, mac_addresses);
    case LinkLayer::marvell_tag_with_type:
      return marvell_tag(bytes, mac_addresses + 4);
  }
  return std::nullopt;
}

}  // namespace

std::optional<LinkLayer> link_layer_of(std::uint32_t link_type) {
  switch (link_type) {
    case 1:
      return LinkLayer::ethernet;
    case 9:
    case 50:
      return LinkLayer::ppp;
    case 51:
      return LinkLayer::pppoe;
    case 12:  // DLT_RAW as some systems write it
    case 14:  // that of OpenBSD
    case 101:
    case 228:
    case 229:
      return LinkLayer::raw_ip;
    case 104:
      return LinkLayer::cisco_hdlc;
    case 113:
      return LinkLayer::cooked;
    case 166:
      return LinkLayer::ppp_of_pppd;
    case 204:
      return LinkLayer::ppp_with_direction;
    case 205:
      return LinkLayer::cisco_hdlc_with_direction;
    case 219:
      return LinkLayer::mpls;
    case 226:
      return LinkLayer::ipnet;
    case 239:
      return LinkLayer::nflog;
    case 276:
      return LinkLayer::cooked_2;
    case 281:
      return LinkLayer::broadcom_tag;
    case 282:
      return LinkLayer::broadcom_tag_prepended;
    case 284:
      return LinkLayer::marvell_tag;
    case 285:
      return LinkLayer::marvell_tag_with_type;
    case 0:
    case 108:
      return LinkLayer::loopback;
    default:
      return std::nullopt;
  }
}

void set_link_bytes(LinkLayer link, std::span<std::uint8_t> bytes, std::uint32_t length, Frame& frame) {
  frame.bytes = {};
  frame.length = length;
  if (link == LinkLayer::ethernet) {
    frame.bytes = bytes;
    return;
  }
  const auto header = read_header(link, bytes);
  if (!header) return;
  const std::size_t left = bytes.size() - header->size;
  const std::uint64_t payload = header->payload.value_or(static_cast<std::uint32_t>(length - header->size));
  frame.length = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(ethernet_header + payload, std::numeric_limits<std::uint32_t>::max()));
  frame.link_index = header->link_index;
  if (header->sent && !frame.has_direction) {
    frame.has_direction = true;
    frame.to_guest = *header->sent;
  }
  std::uint8_t* ethernet = bytes.data() + header->size - ethernet_header;
  std::copy(header->destination.begin(), header->destination.end(), ethernet);
  std::copy(header->sender.begin(), header->sender.end(), ethernet + 6);
  ethernet[12] = static_cast<std::uint8_t>(header->type >> 8U);
  ethernet[13] = static_cast<std::uint8_t>(header->type);
  frame.bytes = {ethernet, ethernet_header + static_cast<std::size_t>(std::min<std::uint64_t>(left, payload))};
}

}  // namespace offlab
