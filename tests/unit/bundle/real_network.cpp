#include "unit/bundle/real_network.h"

#include <algorithm>
#include <map>
#include <set>

#include "capture/frame_edit.h"
#include "capture/packet.h"

namespace offlab {
namespace {

constexpr std::size_t ethernet = 14;

void replace_all(FrameBytes& bytes, const FrameBytes& piece, const FrameBytes& other) {
  for (auto at = bytes.begin() + ethernet;;) {
    at = std::search(at, bytes.end(), piece.begin(), piece.end());
    if (at == bytes.end()) return;
    at = std::copy(other.begin(), other.end(), at);
  }
}

void put_secret(FrameBytes& bytes, std::size_t from) {
  for (std::size_t at = from; at < bytes.size(); ++at)
    bytes[at] = static_cast<std::uint8_t>(secret_payload[(at - from) % secret_payload.size()]);
}

// Of an IPv4 header without options at `at`.
void mend_header_checksum(FrameBytes& bytes, std::size_t at) {
  FrameBytes header(bytes.begin() + static_cast<std::ptrdiff_t>(at - ethernet),
                    bytes.begin() + static_cast<std::ptrdiff_t>(at + 20));
  put_header_checksum(header);
  std::copy(header.begin() + ethernet, header.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

void move_to_real_network(StoredFrame& frame) {
  const auto packet = parse_packet(seen(frame));
  if (!packet) return;
  FrameBytes& bytes = frame.bytes;
  const bool v4 = packet->flow.source.family == Family::ipv4;
  const std::size_t transport = ethernet + packet->ip_header_bytes;
  if (packet->tcp) put_secret(bytes, transport + packet->tcp->header_bytes);
  if (packet->fragment && !packet->tcp) put_secret(bytes, transport);
  if (packet->too_big) put_secret(bytes, transport + 8 + packet->too_big->quoted_header_bytes);
  replace_all(bytes, {198, 18, 1}, {10, 77, 1});
  replace_all(bytes, {198, 18, 2}, {10, 77, 2});
  replace_all(bytes, {0x20, 0x01, 0, 2, 0, 0, 0}, {0x20, 0x01, 0x0d, 0xb8, 0, 0x77, 0});
  if (!v4) return;
  mend_header_checksum(bytes, ethernet);
  if (packet->too_big && packet->too_big->quote != Quote::none) mend_header_checksum(bytes, transport + 8);
}

StoredFrame other_frame(const PacketBytes& packet, std::int64_t time_ns) {
  StoredFrame frame = frame_of(packet);
  frame.frame.time_ns = time_ns;
  return frame;
}

void add_addresses(const StoredFrame& frame, std::set<IpAddress>& addresses) {
  const auto packet = parse_packet(seen(frame));
  if (!packet) return;
  for (const FlowKey& flow : {packet->flow, packet->too_big ? packet->too_big->quoted_flow : packet->flow})
    for (const IpAddress& address : {flow.source, flow.destination}) addresses.insert(address);
}

}  // namespace

Frames frames_of_others(std::int64_t time_ns) {
  StoredFrame arp = other_frame(tcp_packet({}), time_ns);
  put_number(arp.bytes, 12, 2, 0x0806);
  StoredFrame dns =
      other_frame(tcp_packet({.source = "10.77.9.53", .destination = "10.77.9.9", .payload = secret_name}), time_ns);
  dns.bytes[at_protocol] = 17;
  put_header_checksum(dns.bytes);
  StoredFrame tcp =
      other_frame(tcp_packet({.source = "10.77.9.80", .destination = "10.77.9.9", .payload = secret_payload}), time_ns);
  return {arp, dns, tcp};
}

Frames in_real_network(Frames frames) {
  for (StoredFrame& frame : frames) move_to_real_network(frame);
  const Frames first = frames_of_others(frames.front().frame.time_ns);
  const Frames last = frames_of_others(frames.back().frame.time_ns);
  frames.insert(frames.begin(), first.begin(), first.end());
  frames.insert(frames.end(), last.begin(), last.end());
  return frames;
}

std::vector<std::pair<std::string, PacketBytes>> secrets_of(const Frames& frames) {
  std::set<IpAddress> addresses;
  std::map<std::string, PacketBytes> secrets;
  for (const StoredFrame& frame : frames) {
    add_addresses(frame, addresses);
    for (const std::ptrdiff_t at : {0, 6}) {
      const PacketBytes mac(frame.bytes.begin() + at, frame.bytes.begin() + at + 6);
      const bool is_group = (mac[0] & 1U) != 0;  // names nobody
      if (!is_group && std::any_of(mac.begin(), mac.end(), [](std::uint8_t byte) { return byte != 0; }))
        secrets["MAC " + std::to_string(mac[4]) + ":" + std::to_string(mac[5])] = mac;
    }
  }
  for (const IpAddress& address : addresses)
    if (address != IpAddress{address.family, {}})
      secrets[to_string(address)] = {address.bytes.begin(),
                                     address.bytes.begin() + (address.family == Family::ipv4 ? 4 : 16)};
  // Any five bytes of it, and as text.
  for (std::size_t at = 0; at + 5 <= secret_payload.size(); ++at)
    secrets["payload from " + std::to_string(at)] = {secret_payload.begin() + static_cast<std::ptrdiff_t>(at),
                                                     secret_payload.begin() + static_cast<std::ptrdiff_t>(at + 5)};
  for (const std::string& text : {secret_name, std::string("10.77."), std::string("2001:db8:77")})
    secrets["text " + text] = {text.begin(), text.end()};
  return {secrets.begin(), secrets.end()};
}

}  // namespace offlab
