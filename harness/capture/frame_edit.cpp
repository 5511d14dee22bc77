#include "capture/frame_edit.h"

#include <algorithm>

#include "capture/packet.h"

namespace offlab {
namespace {

std::uint16_t ones_complement(const FrameBytes& bytes, std::size_t at, std::size_t size) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2)
    sum += number_at(bytes, at + i, i + 1 < size ? 2 : 1) << (i + 1 < size ? 0U : 8U);
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

std::uint32_t number_at(const FrameBytes& bytes, std::size_t at, std::size_t size) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8U | bytes.at(at + i);
  return number;
}

void put_number(FrameBytes& bytes, std::size_t at, std::size_t size, std::uint32_t number) {
  for (std::size_t i = size; i-- > 0; number >>= 8U) bytes.at(at + i) = static_cast<std::uint8_t>(number);
}

void put_header_checksum(FrameBytes& bytes) {
  put_number(bytes, at_header_checksum, 2, 0);
  put_number(bytes, at_header_checksum, 2, ones_complement(bytes, at_ip, 20));
}

void put_announced_segment(StoredFrame& frame, std::uint32_t size) {
  for (std::size_t at = at_options; at + 4 <= frame.bytes.size(); ++at) {
    if (frame.bytes[at] != 2 || frame.bytes[at + 1] != 4) continue;
    put_number(frame.bytes, at + 2, 2, size);
    return;
  }
}

bool is_icmp(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x0800 && frame.bytes.at(at_protocol) == 1;
}

bool is_tcp(const StoredFrame& frame) {
  return number_at(frame.bytes, 12, 2) == 0x0800 && frame.bytes.at(at_protocol) == 6;
}

std::uint32_t payload_of(const StoredFrame& frame) {
  if (!is_tcp(frame)) return 0;
  const std::uint32_t headers = 20 + (frame.bytes.at(at_transport + 12) >> 4U) * 4U;
  const std::uint32_t length = number_at(frame.bytes, at_ip_length, 2);
  return length - std::min(length, headers);
}

bool is_syn(const StoredFrame& frame) {
  return is_tcp(frame) && (frame.bytes.at(at_tcp_flags) & tcp_syn) != 0;
}

StoredFrame frag_needed_about(const StoredFrame& frame, const FrameBytes& router_address, std::uint32_t mtu) {
  constexpr std::size_t quoted = 28;  // RFC 792: the header and 64 bits
  StoredFrame made;
  made.frame.time_ns = frame.frame.time_ns + 1000;
  made.frame.has_vnet = true;
  // Back to where the frame came from.
  made.bytes.assign(frame.bytes.begin() + 6, frame.bytes.begin() + 12);
  made.bytes.insert(made.bytes.end(), frame.bytes.begin(), frame.bytes.begin() + 6);
  made.bytes.insert(made.bytes.end(), {0x08, 0x00, 0x45, 0xc0, 0, 20 + 8 + quoted, 0, 0, 0, 0, 64, 1, 0, 0});
  made.bytes.insert(made.bytes.end(), router_address.begin(), router_address.begin() + 4);
  made.bytes.insert(made.bytes.end(), frame.bytes.begin() + at_source, frame.bytes.begin() + at_source + 4);
  made.bytes.insert(made.bytes.end(), {3, 4, 0, 0, 0, 0, 0, 0});
  made.bytes.insert(made.bytes.end(), frame.bytes.begin() + at_ip, frame.bytes.begin() + at_ip + quoted);
  put_number(made.bytes, at_icmp_mtu, 2, mtu);
  put_header_checksum(made.bytes);
  put_number(made.bytes, at_transport + 2, 2,
             ones_complement(made.bytes, at_transport, made.bytes.size() - at_transport));
  made.frame.length = static_cast<std::uint32_t>(made.bytes.size());
  return made;
}

std::vector<StoredFrame> segments_of(const StoredFrame& frame) {
  const std::uint32_t payload = payload_of(frame);
  const std::uint32_t size = frame.frame.gso_size;
  if (frame.frame.gso == GsoType::none || size == 0 || payload <= size) return {frame};
  std::vector<StoredFrame> segments;
  for (std::uint32_t at = 0; at < payload; at += size) {
    StoredFrame one = frame;
    const std::uint32_t bytes = std::min(size, payload - at);
    one.frame.gso = GsoType::none;
    one.frame.gso_size = 0;
    one.frame.length = frame.frame.length - payload + bytes;
    put_number(one.bytes, at_ip_length, 2, number_at(frame.bytes, at_ip_length, 2) - payload + bytes);
    put_number(one.bytes, at_sequence, 4, number_at(frame.bytes, at_sequence, 4) + at);
    put_header_checksum(one.bytes);
    one.bytes.resize(std::min<std::size_t>(one.bytes.size(), one.frame.length));
    segments.push_back(std::move(one));
  }
  return segments;
}

}  // namespace offlab
