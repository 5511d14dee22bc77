#include "unit/bundle/checked_packets.h"

#include <algorithm>

namespace offlab {
namespace {

constexpr std::uint8_t tcp = 6;
constexpr std::uint8_t icmp = 1;
constexpr std::uint8_t icmp6 = 58;

void append(PacketBytes& bytes, std::uint64_t number, std::size_t size) {
  for (std::size_t byte = size; byte-- > 0;) bytes.push_back(static_cast<std::uint8_t>(number >> (8 * byte)));
}

void append(PacketBytes& bytes, const PacketBytes& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void append(PacketBytes& bytes, const IpAddress& address) {
  bytes.insert(bytes.end(), address.bytes.begin(), address.bytes.begin() + (address.family == Family::ipv4 ? 4 : 16));
}

std::uint16_t sum_of(const PacketBytes& bytes) {
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) sum += std::uint64_t{bytes[at]} << (at % 2 == 0 ? 8U : 0U);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16U);
  return static_cast<std::uint16_t>(sum);
}

void put(PacketBytes& bytes, std::size_t at, std::uint16_t number) {
  bytes.at(at) = static_cast<std::uint8_t>(number >> 8U);
  bytes.at(at + 1) = static_cast<std::uint8_t>(number);
}

bool is_ipv4(const PacketBytes& packet) {
  return packet.at(0) >> 4U == 4;
}

std::size_t ip_header_of(const PacketBytes& packet) {
  return is_ipv4(packet) ? (packet[0] & 0x0fU) * 4U : 40U;
}

// What the transport checksum is over, as far as the packet is there.
PacketBytes summed(const PacketBytes& packet) {
  const bool v4 = is_ipv4(packet);
  const std::uint8_t protocol = packet.at(v4 ? 9 : 6);
  PacketBytes bytes;
  if (protocol != icmp) {
    bytes.assign(packet.begin() + (v4 ? 12 : 8), packet.begin() + (v4 ? 20 : 40));
    append(bytes, packet.size() - ip_header_of(packet), 4);
    append(bytes, protocol, 4);
  }
  bytes.insert(bytes.end(), packet.begin() + static_cast<std::ptrdiff_t>(ip_header_of(packet)), packet.end());
  return bytes;
}

void put_transport_checksum(PacketBytes& packet, std::size_t at, std::uint16_t error) {
  put(packet, at, 0);
  put(packet, at, static_cast<std::uint16_t>(static_cast<std::uint16_t>(~sum_of(summed(packet))) + error));
}

PacketBytes ip_packet(const std::string& source, const std::string& destination, std::uint8_t protocol,
                      const PacketBytes& options, const PacketBytes& payload, std::uint16_t checksum_error) {
  const IpAddress from = parse_address(source).value();
  const IpAddress to = parse_address(destination).value();
  PacketBytes packet;
  if (from.family == Family::ipv6) {
    append(packet, 0x60012345, 4);
    append(packet, payload.size(), 2);
    append(packet, protocol, 1);
    append(packet, 64, 1);
    append(packet, from);
    append(packet, to);
  } else {
    append(packet, 0x45 + options.size() / 4, 1);
    append(packet, 0x28, 1);  // DSCP AF11
    append(packet, 20 + options.size() + payload.size(), 2);
    append(packet, 0xbeef4000, 4);
    append(packet, 64, 1);
    append(packet, protocol, 1);
    append(packet, 0, 2);
    append(packet, from);
    append(packet, to);
    append(packet, options);
    put(packet, 10, static_cast<std::uint16_t>(static_cast<std::uint16_t>(~sum_of(packet)) + checksum_error));
  }
  append(packet, payload);
  return packet;
}

}  // namespace

PacketBytes tcp_packet(const MadeTcp& made) {
  PacketBytes segment;
  append(segment, 5201, 2);
  append(segment, 41234, 2);
  append(segment, 0x01020304, 4);
  append(segment, 0x0a0b0c0d, 4);
  append(segment, (5 + made.options.size() / 4) << 4U, 1);
  append(segment, 0x10, 1);
  append(segment, 512, 2);
  append(segment, 0, 4);
  append(segment, made.options);
  segment.insert(segment.end(), made.payload.begin(), made.payload.end());
  PacketBytes packet = ip_packet(made.source, made.destination, tcp, made.ip_options, segment, made.ip_checksum_error);
  put_transport_checksum(packet, ip_header_of(packet) + 16, made.tcp_checksum_error);
  return packet;
}

PacketBytes too_big_about(const PacketBytes& packet, const std::string& router, std::size_t quoted,
                          std::uint16_t checksum_error) {
  const bool v4 = is_ipv4(packet);
  PacketBytes message;
  append(message, v4 ? 0x03040000 : 0x02000000, 4);
  append(message, 1500, 4);
  message.insert(message.end(), packet.begin(),
                 packet.begin() + static_cast<std::ptrdiff_t>(std::min(quoted, packet.size())));
  IpAddress to{v4 ? Family::ipv4 : Family::ipv6, {}};
  std::copy_n(packet.begin() + (v4 ? 12 : 8), v4 ? 4 : 16, to.bytes.begin());
  PacketBytes error = ip_packet(router, to_string(to), v4 ? icmp : icmp6, {}, message, 0);
  put_transport_checksum(error, ip_header_of(error) + 2, checksum_error);
  return error;
}

StoredFrame frame_of(const PacketBytes& packet) {
  StoredFrame frame;
  frame.bytes = {0x00, 0x50, 0x56, 1, 2, 3, 0x00, 0x50, 0x56, 4, 5, 6};
  append(frame.bytes, is_ipv4(packet) ? 0x0800 : 0x86dd, 2);
  append(frame.bytes, packet);
  frame.frame.time_ns = 1'700'000'000'000'000'000;
  frame.frame.length = static_cast<std::uint32_t>(frame.bytes.size());
  return frame;
}

Frame seen(const StoredFrame& frame) {
  Frame whole = frame.frame;
  whole.bytes = frame.bytes;
  return whole;
}

bool has_right_ip_checksum(const PacketBytes& packet) {
  return sum_of({packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(ip_header_of(packet))}) == 0xffff;
}

bool has_right_transport_checksum(const PacketBytes& packet) {
  return sum_of(summed(packet)) == 0xffff;
}

}  // namespace offlab
