#include "measure/capture_analysis.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr std::size_t evidence_frames = 6;

double seconds_between(std::int64_t begin_ns, std::int64_t end_ns) {
  return static_cast<double>(end_ns - begin_ns) * 1e-9;
}

FlowKey reversed(const FlowKey& flow) {
  return {flow.destination, flow.source, flow.destination_port, flow.source_port};
}

void widen(std::uint64_t& smallest, std::uint64_t& largest, std::uint64_t value) {
  smallest = smallest == 0 ? value : std::min(smallest, value);
  largest = std::max(largest, value);
}

}  // namespace

bool CaptureAnalysis::is_receiver(const IpAddress& address) const {
  return address == intent_.destination || (intent_.destination_pool && contains(*intent_.destination_pool, address));
}

bool CaptureAnalysis::is_data(const Packet& packet) const {
  return packet.tcp && packet.flow.source == intent_.source && is_receiver(packet.flow.destination) &&
         packet.flow.source_port == intent_.port;
}

bool CaptureAnalysis::is_acknowledgement(const Packet& packet) const {
  return packet.tcp && is_receiver(packet.flow.source) && packet.flow.destination == intent_.source &&
         packet.flow.destination_port == intent_.port && (packet.tcp->flags & 0x10U) != 0;
}

void CaptureAnalysis::read_ingress(FrameSource& frames) {
  Frame frame;
  for (std::uint64_t number = 1; frames.next(frame); ++number) {
    if (number == 1) first_time_ns_ = frame.time_ns;
    const auto packet = parse_packet(frame.bytes);
    if (!packet) continue;
    if (frame.to_guest && is_data(*packet))
      see_data(*packet, frame, number);
    else if (!frame.to_guest && is_acknowledgement(*packet))
      see_acknowledgement(*packet);
    else if (!frame.to_guest && packet->too_big)
      see_too_big(*packet, frame, number);
  }
  add_unacked_tails();
  if (is_cut_) distrust_late_errors();
  std::sort(seen_.evidence.begin(), seen_.evidence.end(),
            [](const EvidenceFrame& a, const EvidenceFrame& b) { return a.number < b.number; });
}

// After the file's limit the transmissions that errors are about are missing: those that are known are older ones.
void CaptureAnalysis::distrust_late_errors() {
  seen_.bogus -= late_bogus_;
  seen_.honest -= late_honest_;
  seen_.untraced += late_bogus_ + late_honest_;
}

void CaptureAnalysis::add_unacked_tails() {
  for (const auto& [flow, connection] : connections_) {
    const std::uint32_t tail = connection.sent_to - (connection.acknowledged ? connection.last_ack : connection.start);
    // What a lossy capture has not seen is no tail.
    if (tail < 0x80000000U) seen_.unacked_tail_bytes += std::min<std::uint64_t>(tail, connection.payload_bytes);
  }
}

void CaptureAnalysis::see_data(const Packet& packet, const Frame& frame, std::uint64_t number) {
  Connection& connection = connections_[packet.flow];
  const TcpSegment& tcp = *packet.tcp;
  const bool syn = (tcp.flags & 0x02U) != 0;
  if (!connection.has_start) {
    connection.has_start = true;
    connection.start = syn ? tcp.sequence + 1 : tcp.sequence;
    connection.sent_to = connection.start;
  }
  if (tcp.payload_bytes == 0) return;
  const Transmission sent = make_transmission(packet, frame, number);
  connection.sent.add(sent);
  late_bogus_ = 0;
  late_honest_ = 0;
  const std::uint32_t end = tcp.sequence + tcp.payload_bytes;
  if (end - connection.sent_to < 0x80000000U) connection.sent_to = end;
  if (seen_.data_frames++ == 0) first_data_ns_ = frame.time_ns;
  seen_.seconds = seconds_between(first_data_ns_, frame.time_ns);
  connection.payload_bytes += tcp.payload_bytes;
  seen_.data_payload_bytes += tcp.payload_bytes;
  if (sent.wire_packets > 1) {
    ++seen_.superframes;
    seen_.superframe_payload_bytes += tcp.payload_bytes;
  }
  if (!packet.df) ++seen_.data_without_df;
}

void CaptureAnalysis::see_acknowledgement(const Packet& packet) {
  const auto found = connections_.find(reversed(packet.flow));
  if (found == connections_.end() || !found->second.has_start) return;
  Connection& connection = found->second;
  // A FIN is acknowledged as a byte, too; it is none.
  std::uint32_t ack = packet.tcp->acknowledgement;
  if (ack - connection.sent_to < 0x80000000U) ack = connection.sent_to;
  const std::uint32_t from = connection.acknowledged ? connection.last_ack : connection.start;
  const std::uint32_t newly = ack - from;  // modulo 2^32
  if (newly >= 0x80000000U) return;        // an old one
  seen_.acked_bytes += newly;
  connection.last_ack = ack;
  connection.acknowledged = true;
}

void CaptureAnalysis::see_too_big(const Packet& packet, const Frame& frame, std::uint64_t number) {
  const TooBigError& error = *packet.too_big;
  const FlowKey& quoted = error.quoted_flow;
  const auto& own = hop_.addresses;
  if (std::find(own.begin(), own.end(), packet.flow.source) == own.end()) {
    ++seen_.frag_needed_passing;
    return;
  }
  if (quoted.source != intent_.source || !is_receiver(quoted.destination) || quoted.source_port != intent_.port) {
    ++seen_.frag_needed_other;
    return;
  }
  ++seen_.frag_needed;
  widen(seen_.smallest_advertised_mtu, seen_.largest_advertised_mtu, error.mtu);
  widen(seen_.smallest_quoted_length, seen_.largest_quoted_length, error.quoted_length);
  const auto connection = connections_.find(quoted);
  const std::uint32_t bytes = error.quoted_length - std::min(error.quoted_length, error.quoted_header_bytes);
  const auto sent = connection == connections_.end()
                        ? Transmissions::Lookup{}
                        : connection->second.sent.latest_covering(error.quoted_sequence, bytes);
  if (sent.first == nullptr) {
    ++seen_.untraced;
  } else if (sent.longest_wire_packet > error.mtu) {
    ++seen_.honest;
    ++late_honest_;
  } else {
    ++seen_.bogus;
    ++late_bogus_;
    if (error.quoted_length > hop_.ingress_mtu.bytes) ++seen_.refused_longer_than_ingress_mtu;
    if (seen_.evidence.size() < evidence_frames) add_evidence(*sent.first, connection->second);
  }
  if (seen_.evidence.size() < evidence_frames) add_evidence(number, frame.time_ns, describe_packet(packet, 0));
}

void CaptureAnalysis::add_evidence(const Transmission& refused, const Connection& connection) {
  std::string text = describe_packet(refused.packet, connection.start - 1);
  if (refused.wire_packets > 1)
    text += fmt::format("  [gso_size {}: {} packets of {} B]", refused.segment_size, refused.wire_packets,
                        refused.wire_length);
  add_evidence(refused.number, refused.time_ns, std::move(text));
}

void CaptureAnalysis::add_evidence(std::uint64_t number, std::int64_t time_ns, std::string text) {
  seen_.evidence.push_back({hop_.ingress_tap, number, seconds_between(first_time_ns_, time_ns), std::move(text)});
}

void CaptureAnalysis::read_egress(FrameSource& frames) {
  Frame frame;
  while (frames.next(frame)) {
    if (frame.to_guest) continue;
    const auto packet = parse_packet(frame.bytes);
    if (!packet || packet->flow.source != intent_.source || !is_receiver(packet->flow.destination)) continue;
    if (packet->fragment) ++seen_.egress_fragments;
    if (!packet->tcp || packet->flow.source_port != intent_.port || packet->tcp->payload_bytes == 0) continue;
    ++seen_.egress_data_frames;
    seen_.egress_payload_bytes += packet->tcp->payload_bytes;
    if (!packet->df) ++seen_.egress_without_df;
  }
}

WireMeasurements CaptureAnalysis::read_wire(FrameSource& frames) const {
  const bool merging = std::any_of(intent_.stages.begin(), intent_.stages.end(), [&](const StageIntent& stage) {
    return stage.wire_port == hop_.wire && stage.merging;
  });
  WireMeasurements wire;
  Frame frame;
  while (frames.next(frame)) {
    const auto packet = parse_packet(frame.bytes);
    if (!packet || !is_data(*packet) || packet->tcp->payload_bytes == 0) continue;
    const Transmission sent = make_transmission(*packet, frame, 0);
    wire.data_packets += sent.wire_packets;
    // Before a stage that merges a frame is a packet, whatever its header says.
    wire.longest_packet = std::max<std::uint64_t>(wire.longest_packet, merging ? packet->length : sent.wire_length);
  }
  return wire;
}

}  // namespace offlab
