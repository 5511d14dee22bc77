#include "measure/forwarding.h"

#include <algorithm>

#include <fmt/core.h>

#include "measure/refusals.h"

namespace offlab {
namespace {

// Congestion experienced is what a router may write into a packet that is capable of it (RFC 3168).
bool same_traffic_class(std::uint8_t in, std::uint8_t out) {
  if (in == out) return true;
  return (in & 0xfcU) == (out & 0xfcU) && (in & 3U) != 0 && (out & 3U) == 3;
}

// What differs; empty when nothing does.
template <typename Header>
std::string header_change(const Header& in, const Packet& out, unsigned hops, const Limits& limits) {
  const TcpSegment& tcp = *out.tcp;
  if (!limits.any_ttl && unsigned{in.hop_limit} != out.hop_limit + hops)
    return fmt::format("TTL {} became {}", in.hop_limit, out.hop_limit);
  if (!limits.any_dscp && !same_traffic_class(in.traffic_class, out.traffic_class))
    return fmt::format("traffic class {:#04x} became {:#04x}", in.traffic_class, out.traffic_class);
  if (in.window != tcp.window) return fmt::format("window {} became {}", in.window, tcp.window);
  if (in.acknowledgement != tcp.acknowledgement)
    return fmt::format("acknowledgement {} became {}", in.acknowledgement, tcp.acknowledgement);
  if (in.options_digest != 0 && tcp.options_digest != 0 && in.options_digest != tcp.options_digest)
    return "TCP options changed";
  return {};
}

// A frame that was merged has the identification of its first packet.
bool is_certainly_of(const Transmission& out, const Transmission& origin) {
  if (out.identification == 0 || origin.identification == 0)
    return out.options_digest != 0 && out.options_digest == origin.options_digest;
  constexpr std::uint32_t smallest_segment = 500;
  const std::uint32_t packets = origin.size_unknown ? origin.payload / smallest_segment + 1 : origin.wire_packets();
  return static_cast<std::uint16_t>(out.identification - origin.identification) < packets;
}

}  // namespace

void Forwarding::leave(const Packet& packet, const Frame& frame, std::uint64_t number, TcpConnection& connection,
                       Passages& passages) {
  Transmission out = make_transmission(packet, frame, number);
  out.sequence = connection.sequence.nearest(packet.tcp->sequence);
  const Left left{packet, out, connection};
  if (packet.bad_header_checksum) {
    ++seen_.bad_checksums;
    add_evidence(Invariant::integrity, left, "IP header checksum is wrong");
  }
  // A superframe whose size was not recorded says nothing about the packets on the wire.
  out.size_unknown = !frame.has_vnet && packet.length > hop_.egress_mtu.bytes;
  check_lengths(left);
  compare_with_origins(left, connection, passages);
  connection.egress_to = std::max(connection.egress_to, out.end());
}

void Forwarding::check_lengths(const Left& left) {
  if (left.frame.size_unknown) {
    // What is longer than the ingress MTU came in as several packets; what is not may be one.
    if (left.packet.length <= hop_.ingress_mtu.bytes)
      add_evidence(Invariant::egress_size, left,
                   fmt::format("{} B, one packet or several: the capture does not say", left.packet.length));
    return;
  }
  const std::uint32_t length = left.frame.wire_length();
  const std::uint32_t payload = left.frame.cut();
  seen_.longest_packet = std::max<std::uint64_t>(seen_.longest_packet, length);
  seen_.longest_payload = std::max<std::uint64_t>(seen_.longest_payload, payload);
  if (length > hop_.egress_mtu.bytes) {
    seen_.too_long += left.frame.wire_packets();
    add_evidence(Invariant::egress_size, left,
                 fmt::format("{} B, the egress MTU is {}", length, hop_.egress_mtu.bytes));
  }
  const std::uint32_t announced = left.connection.announced_segment;
  if (announced == 0) return;
  const std::uint32_t options = left.packet.tcp->header_bytes - 20;
  if (payload + options > announced) {
    seen_.above_segment += left.frame.wire_packets();
    add_evidence(Invariant::mss_respected, left,
                 fmt::format("{} B of payload and {} B of options, the receiver's MSS allows {} B", payload, options,
                             announced));
  }
}

void Forwarding::compare_with_origins(const Left& left, TcpConnection& connection, Passages& passages) {
  const std::uint64_t end = left.frame.end();
  const bool first_copy = connection.outstanding.leave(left.frame.sequence, end, passages);
  bool traced = true;
  bool sent_once = true;
  for (std::uint64_t at = left.frame.sequence; at < end;) {
    const Transmissions::Origin origin = connection.sent.origin_of(at, *left.packet.tcp);
    if (origin.from == nullptr) {
      traced = false;
      if (origin.covered) {
        ++seen_.duplicates;
        add_evidence(Invariant::duplicates, left, "left the router more often than it came in");
      } else {
        ++seen_.without_origin;
      }
      break;
    }
    const auto bytes = static_cast<std::uint32_t>(std::min(end, origin.from->end()) - at);
    sent_once = sent_once && !origin.from->again;
    ++seen_.compared;
    if (!compare_piece(left, *origin.from, at, bytes)) ++seen_.cut_elsewhere;
    origin.from->came_out += bytes;
    at += bytes;
  }
  if (traced && sent_once && first_copy) {
    ++seen_.first_out;
    if (left.frame.sequence < connection.egress_to) {
      ++seen_.late_out;
      add_evidence(Invariant::reordering, left, "behind data that left before");
    }
  }
}

// False when the piece [at, at + bytes) is cut otherwise than its origin was.
bool Forwarding::compare_piece(const Left& left, Transmission& origin, std::uint64_t at, std::uint32_t bytes) {
  const std::string change = header_change(origin, left.packet, hops_, limits_);
  if (!change.empty() && (!careful_ || is_certainly_of(left.frame, origin))) {
    ++seen_.changed_headers;
    add_pair(Invariant::header_transparency, left, origin, change);
  }
  // A retransmission may be cut as the sender likes; without sizes nobody knows; what was refused did not leave.
  const bool was_refused = left.connection.told_ns && origin.wire_length() > left.connection.told_mtu;
  if (origin.again || origin.size_unknown || left.frame.size_unknown || was_refused) return true;
  const auto into_origin = static_cast<std::uint32_t>(at - origin.sequence);
  const auto into_frame = static_cast<std::uint32_t>(at - left.frame.sequence);
  const std::uint32_t cut_in = origin.cut();
  const std::uint32_t cut_out = left.frame.cut();
  const bool begins = into_origin % cut_in == 0 && into_frame % cut_out == 0;
  // The last packet of a frame, on both sides.
  const bool one_short_packet = bytes <= cut_in && bytes <= cut_out && into_origin + bytes == origin.payload &&
                                (bytes == cut_out || at + bytes == left.frame.end());
  if (begins && (cut_in == cut_out || one_short_packet)) return true;
  add_pair(Invariant::segment_boundaries, left, origin,
           fmt::format("packets of {} B of payload came in, packets of {} B left", cut_in, cut_out));
  return false;
}

void Forwarding::enter_back(const Packet& packet, TcpConnection& connection) {
  const TcpSegment& tcp = *packet.tcp;
  if (!connection.returned) connection.returned = std::make_unique<ReturnedHeaders>();
  (*connection.returned)[connection.returned_count++ % connection.returned->size()] = {
      tcp.sequence,          tcp.acknowledgement, tcp.options_digest,  tcp.window,
      packet.identification, packet.hop_limit,    packet.traffic_class};
}

void Forwarding::leave_back(const Packet& packet, const Frame& frame, std::uint64_t number,
                            const TcpConnection& connection) {
  if (!connection.returned) return;
  const ReturnedHeaders& returned = *connection.returned;
  const std::size_t kept = std::min<std::size_t>(connection.returned_count, returned.size());
  std::string change;
  for (std::size_t back = 1; back <= kept; ++back) {
    const ReturnedHeader& in = returned[(connection.returned_count - back) % returned.size()];
    if (in.sequence != packet.tcp->sequence || in.acknowledgement != packet.tcp->acknowledgement ||
        in.options_digest != packet.tcp->options_digest)
      continue;
    if (careful_ && (in.identification != packet.identification || (in.identification == 0 && in.options_digest == 0)))
      continue;
    change = header_change(in, packet, hops_, limits_);
    if (change.empty()) return;  // it is this one
  }
  if (change.empty()) return;  // not seen on its way in
  ++seen_.changed_headers;
  if (evidence_.wants(Invariant::header_transparency))
    evidence_.add(Invariant::header_transparency, name_of(hop_.ingress), number, frame.time_ns,
                  describe_packet(packet, 0) + "  [" + change + "]");
}

void Forwarding::add_evidence(Invariant invariant, const Left& left, std::string what) {
  if (!evidence_.wants(invariant)) return;
  evidence_.add(invariant, name_of(hop_.egress), left.frame.number, left.frame.time_ns,
                describe_transmission(left.frame, left.connection) + "  [" + std::move(what) + "]");
}

void Forwarding::add_pair(Invariant invariant, const Left& left, const Transmission& origin, std::string what) {
  if (!evidence_.wants(invariant)) return;
  evidence_.add(invariant, name_of(hop_.ingress), origin.number, origin.time_ns,
                describe_transmission(origin, left.connection));
  add_evidence(invariant, left, std::move(what));
}

}  // namespace offlab
