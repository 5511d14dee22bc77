#include "capture/ip_header.h"

#include <algorithm>
#include <limits>

#include "capture/byte_order.h"

namespace offlab {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::size_t ipv4_header = 20;
constexpr std::size_t ipv6_header = 40;

enum Extension : std::uint8_t {
  hop_by_hop = 0,
  routing = 43,
  fragment_header = 44,
  authentication = 51,
  destination_options = 60,
  mobility = 135,
  host_identity = 139,
  shim6 = 140,
};

IpAddress address_at(Bytes bytes, std::size_t at, Family family) {
  IpAddress address;
  address.family = family;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), family == Family::ipv4 ? 4 : 16, address.bytes.begin());
  return address;
}

std::uint32_t ipv4_header_bytes(Bytes bytes) {
  return (bytes[0] & 0x0fU) * 4U;
}

bool is_extension(std::uint8_t protocol) {
  switch (protocol) {
    case hop_by_hop:
    case routing:
    case fragment_header:
    case authentication:
    case destination_options:
    case mobility:
    case host_identity:
    case shim6:
      return true;
    default:
      return false;
  }
}

std::size_t extension_bytes(std::uint8_t protocol, std::uint8_t length) {
  if (protocol == fragment_header) return 8;
  if (protocol == authentication) return (std::size_t{length} + 2) * 4;
  return (std::size_t{length} + 1) * 8;
}

// The order is not fixed (RFC 8200, section 4.1). Nothing but a fragment's data follows the header of a later fragment.
void pass_over_extensions(IpHeader& ip) {
  constexpr int most = 10;
  for (int passed = 0; passed < most && is_extension(ip.protocol) && !ip.later_fragment; ++passed) {
    const std::size_t size = ip.payload.size() < 8 ? 8 : extension_bytes(ip.protocol, ip.payload[1]);
    if (size > ip.payload.size()) break;
    if (ip.protocol == fragment_header) {
      const std::uint16_t place = network_order.u16(ip.payload, 2);
      ip.fragment = (place & 0xfff9U) != 0;
      ip.later_fragment = (place & 0xfff8U) != 0;
    }
    ip.protocol = ip.payload[0];
    ip.header_bytes += static_cast<std::uint32_t>(size);
    ip.payload = ip.payload.subspan(size);
  }
  ip.cut_off = is_extension(ip.protocol) && !ip.later_fragment;
}

bool parse_ipv4(Bytes bytes, std::uint32_t on_link, IpHeader& ip) {
  if (bytes.size() < ipv4_header || bytes[0] >> 4U != 4) return false;
  const std::uint32_t header = ipv4_header_bytes(bytes);
  if (header < ipv4_header || bytes.size() < header) return false;
  ip.header_bytes = header;
  ip.cut_off = false;
  const std::uint16_t length = network_order.u16(bytes, 2);
  ip.length = length != 0 ? length : on_link;
  ip.identification = network_order.u16(bytes, 4);
  ip.traffic_class = bytes[1];
  ip.hop_limit = bytes[8];
  const std::uint16_t fragment = network_order.u16(bytes, 6);
  ip.df = (fragment & 0x4000U) != 0;
  ip.fragment = (fragment & 0x3fffU) != 0;
  ip.later_fragment = (fragment & 0x1fffU) != 0;
  ip.protocol = bytes[9];
  ip.source = address_at(bytes, 12, Family::ipv4);
  ip.destination = address_at(bytes, 16, Family::ipv4);
  ip.payload = bytes.subspan(header);
  if (ip.protocol == authentication) pass_over_extensions(ip);
  return true;
}

// The packet's length by the Jumbo Payload option of a hop-by-hop header; 0 without one.
std::uint32_t jumbo_length(Bytes bytes) {
  constexpr std::uint8_t jumbo_payload = 0xc2;
  if (bytes[6] != hop_by_hop || bytes.size() < ipv6_header + 8) return 0;
  const std::size_t header = (std::size_t{bytes[ipv6_header + 1]} + 1) * 8;
  const Bytes options = bytes.subspan(ipv6_header, std::min(bytes.size() - ipv6_header, header));
  for (std::size_t at = 2; at + 6 <= options.size();) {
    if (options[at] == jumbo_payload && options[at + 1] == 4)
      return static_cast<std::uint32_t>(std::min<std::uint64_t>(
          std::uint64_t{network_order.u32(options, at + 2)} + ipv6_header, std::numeric_limits<std::uint32_t>::max()));
    at += options[at] == 0 ? 1U : 2U + options[at + 1];
  }
  return 0;
}

std::uint32_t ipv6_length(Bytes bytes, std::uint32_t on_link) {
  const std::uint16_t payload = network_order.u16(bytes, 4);
  if (payload != 0) return std::uint32_t{payload} + ipv6_header;
  const std::uint32_t jumbo = jumbo_length(bytes);
  return jumbo != 0 ? jumbo : on_link;
}

bool parse_ipv6(Bytes bytes, std::uint32_t on_link, IpHeader& ip) {
  if (bytes.size() < ipv6_header || bytes[0] >> 4U != 6) return false;
  ip.header_bytes = ipv6_header;
  ip.length = ipv6_length(bytes, on_link);
  ip.identification = 0;
  ip.traffic_class = static_cast<std::uint8_t>(network_order.u16(bytes, 0) >> 4U);
  ip.hop_limit = bytes[7];
  ip.df = true;
  ip.fragment = false;
  ip.later_fragment = false;
  ip.cut_off = false;
  ip.protocol = bytes[6];
  ip.source = address_at(bytes, 8, Family::ipv6);
  ip.destination = address_at(bytes, 24, Family::ipv6);
  ip.payload = bytes.subspan(ipv6_header);
  pass_over_extensions(ip);
  return true;
}

}  // namespace

bool parse_ip_header(Bytes bytes, std::uint32_t on_link, IpHeader& ip) {
  if (bytes.empty()) return false;
  return bytes[0] >> 4U == 6 ? parse_ipv6(bytes, on_link, ip) : parse_ipv4(bytes, on_link, ip);
}

// The ones' complement sum over a header that includes its checksum (RFC 1071).
bool has_right_checksum(Bytes ipv4) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at + 1 < ipv4_header_bytes(ipv4); at += 2) sum += network_order.u16(ipv4, at);
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return sum == 0xffffU;
}

}  // namespace offlab
