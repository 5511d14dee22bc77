#include "bundle/anonymous_packet.h"

#include <algorithm>

#include "bundle/hidden_options.h"
#include "capture/encapsulation.h"

namespace offlab {
namespace {

constexpr std::size_t mac_bytes = 6;
constexpr std::size_t ethernet_header = 14;
constexpr std::size_t ipv4_header = 20;
constexpr std::size_t ipv4_checksum_at = 10;
constexpr std::size_t ipv6_header = 40;
constexpr std::size_t tcp_header = 20;
constexpr std::size_t tcp_checksum_at = 16;
constexpr std::size_t icmp_header = 8;

MacAddress mac_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  MacAddress mac;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), mac.size(), mac.begin());
  return mac;
}

void put_address(const IpAddress& address, std::span<std::uint8_t> bytes) {
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
}

// Without what follows the packet in its frame. Of ICMP no more is kept than the headers that a verdict reads.
std::span<const std::uint8_t> payload_of(const IpHeader& ip) {
  if (ip.length < ip.header_bytes) return ip.payload;
  return ip.payload.first(std::min<std::size_t>(ip.payload.size(), ip.length - ip.header_bytes));
}

bool is_too_big(std::span<const std::uint8_t> message, Family family) {
  return family == Family::ipv4 ? message[0] == 3 && message[1] == 4 : message[0] == 2 && message[1] == 0;
}

}  // namespace

std::optional<Frame> PacketAnonymiser::rewrite(const Frame& frame) {
  InnermostPacket found;
  if (!find_innermost_packet(frame.bytes, frame.length, found)) return std::nullopt;
  const IpHeader& ip = found.ip;
  const Family family = ip.source.family;
  const auto packet_at = static_cast<std::size_t>(found.bytes.data() - frame.bytes.data());
  bytes_.clear();
  put_ethernet(frame, packet_at, found.place, family);
  const ChecksumUpdate update = put_ip(found.bytes, ip);
  if (!ip.later_fragment && !ip.cut_off) {
    if (ip.protocol == protocol_tcp)
      put_tcp(payload_of(ip), update, frame.needs_checksum ? ChecksumField::pseudo_only : ChecksumField::finished);
    else if (ip.protocol == (family == Family::ipv4 ? protocol_icmp : protocol_icmp6))
      put_icmp(ip.payload, family, update);
  }
  Frame rewritten = frame;
  const std::size_t on_link = std::max<std::size_t>(frame.length, frame.bytes.size()) - packet_at + ethernet_header;
  rewritten.length = static_cast<std::uint32_t>(std::max(on_link, bytes_.size()));
  rewritten.bytes = bytes_;
  return rewritten;
}

PacketAnonymiser::Bytes PacketAnonymiser::append(Original bytes) {
  const std::size_t at = bytes_.size();
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return Bytes(bytes_).subspan(at);
}

void PacketAnonymiser::put_ethernet(const Frame& frame, std::size_t packet_at, std::uint32_t place, Family family) {
  enum : std::uint8_t { destination_of_place = 1, source_of_place = 2 };
  const bool is_plain = packet_at == ethernet_header;
  append(is_plain ? addresses_.of(mac_at(frame.bytes, 0)) : addresses_.mac_of_number(destination_of_place, place));
  append(is_plain ? addresses_.of(mac_at(frame.bytes, mac_bytes)) : addresses_.mac_of_number(source_of_place, place));
  append(family == Family::ipv4 ? std::array<std::uint8_t, 2>{0x08, 0x00} : std::array<std::uint8_t, 2>{0x86, 0xdd});
}

ChecksumUpdate PacketAnonymiser::put_ip(Original packet, const IpHeader& ip) {
  const bool is_ipv4 = ip.source.family == Family::ipv4;
  const std::size_t addresses_at = is_ipv4 ? 12 : 8;
  const std::size_t size = is_ipv4 ? 4 : 16;
  const Original old = packet.first(ip.header_bytes);
  const Bytes header = append(old);
  put_address(addresses_.of(ip.source), header.subspan(addresses_at, size));
  put_address(addresses_.of(ip.destination), header.subspan(addresses_at + size, size));
  if (is_ipv4) {
    const std::size_t fixed_and_options = (header[0] & 0x0fU) * std::size_t{4};
    hide_ipv4_options(header.subspan(ipv4_header, fixed_and_options - ipv4_header));
    hide_ipv6_extensions(header[9], header.subspan(fixed_and_options));  // an authentication header, if any
    ChecksumUpdate update;
    const std::size_t changed = fixed_and_options - addresses_at;
    update.replace(old.subspan(addresses_at, changed), header.subspan(addresses_at, changed));
    update.apply(header.subspan(ipv4_checksum_at));
  } else {
    hide_ipv6_extensions(header[6], header.subspan(ipv6_header));
  }
  ChecksumUpdate pseudo;
  pseudo.replace(old.subspan(addresses_at, 2 * size), header.subspan(addresses_at, 2 * size));
  return pseudo;
}

void PacketAnonymiser::put_tcp(Original segment, ChecksumUpdate update, ChecksumField kind) {
  constexpr std::size_t offset_at = 12;
  const std::size_t told = segment.size() > offset_at ? (segment[offset_at] >> 4U) * std::size_t{4} : 0;
  const Original old = segment.first(std::min(segment.size(), std::max(told, tcp_header)));
  const Bytes header = append(old);
  if (header.size() > tcp_header) {
    hide_tcp_options(header.subspan(tcp_header), addresses_);
    if (kind == ChecksumField::finished) update.replace(old.subspan(tcp_header), header.subspan(tcp_header));
  }
  if (header.size() >= tcp_checksum_at + 2) update.apply(header.subspan(tcp_checksum_at), kind);
}

void PacketAnonymiser::put_icmp(Original message, Family family, ChecksumUpdate update) {
  if (message.size() < icmp_header) return;
  const std::size_t at = bytes_.size();
  const bool has_quote = is_too_big(message, family);
  const Bytes header = append(message.first(icmp_header));
  if (has_quote)
    put_quote(message.subspan(icmp_header));
  else
    std::fill(header.begin() + 4, header.end(), std::uint8_t{0});
  if (family == Family::ipv4) update = {};  // has no pseudo header
  const Bytes kept = Bytes(bytes_).subspan(at);
  update.replace(message.subspan(4, kept.size() - 4), kept.subspan(4));
  update.apply(kept.subspan(2));
}

void PacketAnonymiser::put_quote(Original quoted) {
  IpHeader ip;
  if (!parse_ip_header(quoted, 0, ip) || ip.cut_off) return;
  const ChecksumUpdate update = put_ip(quoted, ip);
  if (ip.protocol == protocol_tcp && !ip.later_fragment) put_tcp(ip.payload, update, ChecksumField::finished);
}

}  // namespace offlab
