#include "capture/link_layer.h"

#include <algorithm>
#include <array>
#include <bit>

#include "capture/byte_order.h"

namespace offlab {
namespace {

using Bytes = std::span<const std::uint8_t>;
using MacAddress = std::array<std::uint8_t, 6>;

constexpr std::size_t ethernet_header = 14;
constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86dd;

// What a link's header says.
struct LinkHeader {
  std::size_t size = 0;
  std::uint16_t type = 0;  // EtherType; 0 for what is not IP
  MacAddress sender = {};
  std::optional<std::uint8_t> packet_type;  // PACKET_* of linux/if_packet.h
};

MacAddress mac_at(Bytes bytes, std::size_t at) {
  MacAddress mac;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
  return mac;
}

LinkHeader raw_ip(Bytes bytes) {
  if (bytes.empty()) return {};
  const unsigned version = bytes[0] >> 4U;
  return {0, version == 4 ? type_ipv4 : version == 6 ? type_ipv6 : std::uint16_t{0}, {}, {}};
}

LinkHeader cooked(Bytes bytes) {
  return {16, network_order.u16(bytes, 14), mac_at(bytes, 6), static_cast<std::uint8_t>(network_order.u16(bytes, 0))};
}

LinkHeader cooked_2(Bytes bytes) {
  return {20, network_order.u16(bytes, 0), mac_at(bytes, 12), bytes[10]};
}

// The address family, in the byte order of whatever machine captured, or in network order.
LinkHeader loopback(Bytes bytes) {
  std::uint32_t family = network_order.u32(bytes, 0);
  if (family > 0xffff) family = ByteOrder{std::endian::little}.u32(bytes, 0);
  switch (family) {
    case 2:
      return {4, type_ipv4, {}, {}};
    case 10:  // Linux
    case 23:  // Windows
    case 24:  // NetBSD, OpenBSD
    case 28:  // FreeBSD
    case 30:  // macOS
      return {4, type_ipv6, {}, {}};
    default:
      return {4, 0, {}, {}};
  }
}

std::size_t header_size(LinkLayer link) {
  switch (link) {
    case LinkLayer::ethernet:
    case LinkLayer::raw_ip:
      return 0;
    case LinkLayer::cooked:
      return 16;
    case LinkLayer::cooked_2:
      return 20;
    case LinkLayer::loopback:
      return 4;
  }
  return 0;
}

LinkHeader read_header(LinkLayer link, Bytes bytes) {
  switch (link) {
    case LinkLayer::cooked:
      return cooked(bytes);
    case LinkLayer::cooked_2:
      return cooked_2(bytes);
    case LinkLayer::loopback:
      return loopback(bytes);
    case LinkLayer::ethernet:
    case LinkLayer::raw_ip:
      break;
  }
  return raw_ip(bytes);
}

}  // namespace

std::optional<LinkLayer> link_layer_of(std::uint32_t link_type) {
  switch (link_type) {
    case 1:
      return LinkLayer::ethernet;
    case 12:  // DLT_RAW as some systems write it
    case 101:
    case 228:
    case 229:
      return LinkLayer::raw_ip;
    case 113:
      return LinkLayer::cooked;
    case 276:
      return LinkLayer::cooked_2;
    case 0:
    case 108:
      return LinkLayer::loopback;
    default:
      return std::nullopt;
  }
}

void set_link_bytes(LinkLayer link, std::span<std::uint8_t> bytes, std::uint32_t length, Frame& frame) {
  if (link == LinkLayer::ethernet) {
    frame.bytes = bytes;
    frame.length = length;
    return;
  }
  const std::size_t size = header_size(link);
  const std::uint64_t payload = length > size ? length - size : 0;
  frame.length = static_cast<std::uint32_t>(std::min<std::uint64_t>(ethernet_header + payload, UINT32_MAX));
  frame.bytes = {};
  if (bytes.size() < size) return;
  const LinkHeader header = read_header(link, bytes);
  if (header.packet_type && !frame.has_direction) {
    constexpr std::uint8_t outgoing = 4;
    frame.has_direction = true;
    frame.to_guest = *header.packet_type == outgoing;
  }
  std::uint8_t* ethernet = bytes.data() + size - ethernet_header;
  std::fill_n(ethernet, 6, std::uint8_t{0});
  std::copy(header.sender.begin(), header.sender.end(), ethernet + 6);
  ethernet[12] = static_cast<std::uint8_t>(header.type >> 8U);
  ethernet[13] = static_cast<std::uint8_t>(header.type);
  frame.bytes = {ethernet, ethernet_header + bytes.size() - size};
}

}  // namespace offlab
