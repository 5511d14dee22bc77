#include "measure/capture_analysis.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/core.h>

#include "base/error.h"
#include "measure/fetch_connections.h"
#include "measure/flow_port.h"

namespace offlab {
namespace {

double seconds_between(std::int64_t begin_ns, std::int64_t end_ns) {
  return static_cast<double>(end_ns - begin_ns) * 1e-9;
}

constexpr std::size_t most_holes = 64;

// Frames of several CPUs may be recorded a little out of order.
constexpr std::int64_t clock_tolerance_ns = 100'000'000;

// One of the two files, with the frame that comes next.
struct Side {
  ParsedFrames<FetchConnections> frames;
  std::string point;
  const ParsedFrame* next = frames.current();
  std::int64_t latest_ns = next == nullptr ? 0 : next->frame.time_ns;

  void advance() {
    frames.advance();
    next = frames.current();
    if (next == nullptr) return;
    const std::int64_t now = next->frame.time_ns;
    if (latest_ns - now > clock_tolerance_ns)
      throw Error(fmt::format("the clock goes back by {:.1f} s at frame {} of {}", seconds_between(now, latest_ns),
                              next->number, point),
                  "where frames are only out of order, reordercap sorts them");
    latest_ns = std::max(latest_ns, now);
  }
};

// The one whose next frame was captured first; `a` when it was at the same time.
Side& earlier(Side& a, Side& b) {
  if (b.next == nullptr) return a;
  return a.next == nullptr || b.next->frame.time_ns < a.next->frame.time_ns ? b : a;
}

}  // namespace

CaptureAnalysis::CaptureAnalysis(const LegIntent& intent, const HopIntent& hop, Connections which,
                                 std::int64_t horizon_ns)
    : intent_(intent),
      hop_(hop),
      ingress_(name_of(hop.ingress)),
      egress_(name_of(hop.egress)),
      which_(which),
      horizon_ns_(horizon_ns),
      refusals_(hop, seen_, evidence_),
      forwarding_(hop, seen_.forwarding, evidence_),
      handshakes_(hop, seen_.handshakes, evidence_, !hop.returned) {
  forwarding_.allow(intent.limits);
}

bool CaptureAnalysis::is_receiver(const IpAddress& address) const {
  return address == intent_.destination || (intent_.destination_pool && contains(*intent_.destination_pool, address));
}

void CaptureAnalysis::judge_foreign(const Foreign& foreign) {
  extents_ = foreign;
  forwarding_.be_careful(foreign.hops);
}

bool CaptureAnalysis::is_judged(const FlowKey& forth) const {
  if (!has_port(intent_, forth) || forth.source.family != intent_.source.family) return false;
  return which_ == Connections::begun_in_capture || (forth.source == intent_.source && is_receiver(forth.destination));
}

bool CaptureAnalysis::is_data(const Packet& packet) const {
  return packet.tcp && is_judged(packet.flow);
}

bool CaptureAnalysis::is_acknowledgement(const Packet& packet) const {
  return packet.tcp && is_judged(reversed(packet.flow));
}

bool CaptureAnalysis::is_leaving(const Packet& packet) const {
  if (packet.tcp) return is_judged(packet.flow);
  if (packet.flow.source == intent_.source && is_receiver(packet.flow.destination)) return true;
  return ends_behind_.count({packet.flow.source, packet.flow.destination}) != 0;
}

void CaptureAnalysis::read(FrameSource* ingress, FrameSource* egress, FrameSource* returned) {
  seen_.has_egress = egress != nullptr;
  const FetchConnections fetch{connections_, intent_.port, intent_.flow.sender_connects};
  Side in{{ingress, parse_packet, fetch}, ingress_};
  Side out{{egress, parse_packet, fetch}, egress_};
  Side back{{returned, parse_packet, fetch}, name_of(hop_.returned)};
  // A file's first frame may be of another connection.
  const auto begin = [&](const Side& side, const Extent& extent) {
    if (side.next != nullptr)
      evidence_.begin(side.point, extent.begin_ns != 0 ? extent.begin_ns : side.next->frame.time_ns);
  };
  begin(in, extents_.ingress);
  begin(out, extents_.egress);
  constexpr std::uint64_t frames_between_trims = 1U << 16U;
  for (std::uint64_t read = 1;; ++read) {
    // At the same time the router is between the two.
    Side& side = earlier(earlier(in, out), back);
    if (side.next == nullptr) break;
    if (read % frames_between_trims == 0) trim(side.next->frame.time_ns);
    if (&side == &in) {
      ++frames_before_;
      see_at_ingress(*side.next);
    } else if (&side == &out) {
      ++frames_behind_;
      see_at_egress(*side.next);
    } else {
      see_returned(*side.next);
    }
    side.advance();
  }
  finish();
}

void CaptureAnalysis::trim(std::int64_t now_ns) {
  for (TcpConnection& connection : connections_) {
    give_up_lost(connection, now_ns);
    connection.sent.forget_before(now_ns);
    connection.outstanding.give_memory_back();
  }
}

const Transmission* CaptureAnalysis::untold_carrier(Invariant invariant, std::uint64_t sequence,
                                                    const TcpConnection& connection) const {
  if (!evidence_.wants(invariant)) return nullptr;
  const Transmission* last = connection.sent.latest_covering(sequence, 1).first;
  return last == nullptr || evidence_.has(invariant, ingress_, last->number) ? nullptr : last;
}

void CaptureAnalysis::give_up_lost(TcpConnection& connection, std::int64_t now_ns) {
  connection.outstanding.expire(
      std::min(now_ns, extents_.egress.end_ns), passages_, [&](std::uint64_t begin, std::uint32_t bytes) {
        const Transmission* carried = untold_carrier(Invariant::coverage, begin, connection);
        if (carried == nullptr) return;
        evidence_.add(Invariant::coverage, ingress_, carried->number, carried->time_ns,
                      describe_transmission(*carried, connection),
                      bytes >= carried->payload ? "lost: nothing of it left the router"
                                                : fmt::format("lost: {} of its {} payload bytes never left the router",
                                                              bytes, carried->payload));
      });
}

void CaptureAnalysis::see_at_ingress(const ParsedFrame& one) {
  const auto& [frame, packet, kept, number, hash] = one;
  if (!packet) return;
  if (!frame.to_guest && packet->too_big) return see_too_big(*packet, frame, number);
  if (frame.time_ns >= horizon_ns_) return;
  if (frame.to_guest && is_data(*packet)) {
    see_handshake(*packet, frame, number, true, true);
    see_data(*packet, frame, number);
  } else if (!frame.to_guest && is_acknowledgement(*packet)) {
    see_handshake(*packet, frame, number, false, false);
    see_acknowledgement(*packet, frame, number);
  }
}

void CaptureAnalysis::see_handshake(const Packet& packet, const Frame& frame, std::uint64_t number, bool forth,
                                    bool into_router) {
  if ((packet.tcp->flags & (tcp_syn | tcp_rst)) == 0 || !seen_.has_egress) return;
  if (which_ == Connections::all) return;  // what two captures lack says nothing of the router
  const bool at_ingress = forth == into_router;
  const FlowKey flow = forth ? packet.flow : reversed(packet.flow);
  const TcpConnection* connection = at_ingress ? connections_.find(flow) : at_egress(flow);
  const bool is_reset = (packet.tcp->flags & tcp_rst) != 0;
  if (is_reset && is_foreign(connection)) return;
  const std::uint64_t acknowledged =
      connection == nullptr || !connection->has_start ? 0 : connection->arrived_to() - connection->start;
  handshakes_.see(packet, frame, number, forth, into_router, acknowledged);
}

void CaptureAnalysis::see_returned(const ParsedFrame& one) {
  const auto& [frame, packet, kept, number, hash] = one;
  if (!packet || frame.to_guest || frame.time_ns >= horizon_ns_ || !is_acknowledgement(*packet)) return;
  see_acknowledgement(*packet, frame, number);
}

void CaptureAnalysis::see_at_egress(const ParsedFrame& one) {
  const auto& [frame, packet, kept, number, hash] = one;
  if (frame.time_ns >= horizon_ns_ || frame.time_ns > extents_.ingress.end_ns || !packet) return;
  if (!frame.to_guest) {
    if (!is_leaving(*packet)) return;
    if (packet->tcp) see_handshake(*packet, frame, number, true, false);
    if (packet->fragment || packet->outer_fragment) ++seen_.egress_fragments;
    if (packet->tunneled) ++seen_.egress_tunneled;
    if (packet->tcp) see_data_leave(*packet, frame, number);
  } else if (is_acknowledgement(*packet)) {
    ++signs_.returned_behind;
    see_handshake(*packet, frame, number, false, true);
    if ((packet->tcp->flags & tcp_syn) != 0) {
      syns_[packet->tcp->sequence] = {reversed(packet->flow), packet->tcp->maximum_segment};
      ends_behind_.emplace(packet->flow.destination, packet->flow.source);
    }
    TcpConnection* connection = at_egress(reversed(packet->flow));
    if (connection != nullptr && which_ == Connections::all && (packet->tcp->flags & tcp_ack) != 0)
      see_unseen(connection->outstanding.acknowledge(connection->sequence.nearest(packet->tcp->acknowledgement)),
                 frame.time_ns);
    if (connection != nullptr && packet->tcp->payload_bytes == 0) Forwarding::enter_back(*packet, *connection);
  }
}

TcpConnection* CaptureAnalysis::at_egress(const FlowKey& flow) {
  if (!behind_nat_.empty())
    if (const auto known = behind_nat_.find(flow); known != behind_nat_.end()) return known->second;
  return connections_.find(flow);
}

void CaptureAnalysis::see_receivers_syn(const Packet& packet) {
  TcpConnection& connection = connections_.get(reversed(packet.flow));
  connection.segment_sender_saw = packet.tcp->maximum_segment;
  // Where it took another way, what the sender was told stands for what the receiver said.
  if (hop_.returned) connection.announced_segment = packet.tcp->maximum_segment;
  const auto entered = syns_.find(packet.tcp->sequence);
  if (entered == syns_.end()) return;
  connection.announced_segment = entered->second.maximum_segment;
  if (entered->second.flow != connection.flow) behind_nat_[entered->second.flow] = &connection;
}

void CaptureAnalysis::see_data(const Packet& packet, const Frame& frame, std::uint64_t number) {
  const TcpSegment& tcp = *packet.tcp;
  const bool syn = (tcp.flags & tcp_syn) != 0;
  if (tcp.payload_bytes == 0 && !syn) return;
  TcpConnection* known = connections_.find(packet.flow);
  if (!syn && is_foreign(known)) return;
  TcpConnection& connection = known != nullptr ? *known : connections_.get(packet.flow);
  if (!connection.has_start) {
    connection.has_start = true;
    connection.start = connection.sequence.follow(syn ? tcp.sequence + 1 : tcp.sequence);
    connection.sent_to = connection.start;
  }
  if (syn) senders_syns_[tcp.sequence] = &connection;
  if (tcp.payload_bytes == 0) return;
  Transmission sent = make_transmission(packet, frame, number);
  sent.sequence = connection.sequence.follow(tcp.sequence);
  signs_.longest_frame = std::max(signs_.longest_frame, packet.length);
  if ((tcp.flags & tcp_rst) != 0) ++signs_.resets;
  if (which_ == Connections::all && is_probe(sent, connection)) return;
  learn_size(sent, packet, frame, connection);
  count_sent(sent, packet, connection);
}

// A capture without segmentation data: the sender cuts at the receiver's MSS, or as it did before.
void CaptureAnalysis::learn_size(Transmission& sent, const Packet& packet, const Frame& frame,
                                 TcpConnection& connection) {
  if (frame.has_vnet) return;
  const TcpSegment& tcp = *packet.tcp;
  if (packet.length <= hop_.ingress_mtu.bytes || packet.length - tcp.payload_bytes >= hop_.ingress_mtu.bytes) {
    connection.longest_single = std::max(connection.longest_single, tcp.payload_bytes);
    return;
  }
  const std::uint32_t options = tcp.header_bytes - 20;
  if (connection.segment_sender_saw > options)
    sent.segment_size = connection.segment_sender_saw - options;
  else if (connection.longest_single > 0 && tcp.payload_bytes % connection.longest_single == 0)
    sent.segment_size = connection.longest_single;
  else if (const std::uint32_t usual = hop_.ingress_mtu.bytes - (packet.length - tcp.payload_bytes);
           tcp.payload_bytes % usual == 0)  // as many full packets as that: no accident
    sent.segment_size = usual;
  // A sender that was told a smaller MTU cuts otherwise from then on.
  if (connection.told_ns && sent.segment_size + (packet.length - tcp.payload_bytes) > connection.told_mtu)
    sent.segment_size = 0;
  sent.size_unknown = sent.segment_size == 0;
  if (sent.segment_size >= sent.payload) sent.segment_size = 0;
  sent.size_assumed = sent.segment_size != 0;
  seen_.sizes_unknown = true;
}

void CaptureAnalysis::count_sent(const Transmission& known, const Packet& packet, TcpConnection& connection) {
  Transmission sent = known;
  const std::int64_t now = sent.time_ns;
  const bool superframe = sent.wire_packets() > 1 || sent.size_unknown;
  const std::size_t size_class = superframe ? SizeClasses::superframe : SizeClasses::of(sent.length);
  const bool behind = sent.sequence < connection.sent_to;
  const std::uint64_t acked = connection.arrived_to();
  if (connection.sent_to <= acked) connection.progress_ns = now;  // nothing was under way: no stall before this
  const bool is_late = which_ == Connections::all && fills_hole(sent, connection.silence);
  if (which_ == Connections::all) see_hole(sent, connection);
  give_up_lost(connection, now);  // before it is sent again: what becomes of that is another matter
  // As far apart as packets that one interrupt of a NIC hands up together.
  constexpr std::int64_t close_ns = 500'000;
  const bool follows =
      static_cast<std::uint32_t>(sent.sequence) == connection.last_end && now - connection.last_data_ns < close_ns;
  connection.last_end = static_cast<std::uint32_t>(sent.end());
  const auto entered = connection.outstanding.enter(sent.sequence, sent.end(), size_class, now, passages_, follows);
  sent.again = !entered.is_new && !is_late;
  if (entered.was_lost) see_lost(sent, connection);
  // The file behind the router did not exist yet: nobody knows what became of it.
  if (now < extents_.egress.begin_ns) connection.outstanding.leave(sent.sequence, sent.end(), passages_);
  if (behind)
    connection.round_trip.sent_again();
  else
    connection.round_trip.sent(sent.end(), now);
  connection.sent_to = std::max(connection.sent_to, sent.end());
  if (sent.again) see_sent_again(sent, connection);
  if (connection.silence.number == 0) {
    connection.silence.number = sent.number;
    connection.silence.bytes = sent.payload;
  }
  connection.sent.add(sent);
  if (seen_.data_frames++ == 0) first_data_ns_ = now;
  connection.last_data_ns = now;
  last_data_ns_ = now;
  seen_.seconds = seconds_between(first_data_ns_, now);
  connection.payload_bytes += sent.payload;
  seen_.data_payload_bytes += sent.payload;
  if (superframe) {
    ++seen_.superframes;
    seen_.superframe_payload_bytes += sent.payload;
  }
  if (!packet.df) ++seen_.data_without_df;
  if (!sent.again) see_disobedience(sent, connection);
}

void CaptureAnalysis::see_hole(const Transmission& sent, TcpConnection& connection) {
  if (sent.sequence > connection.sent_to && connection.payload_bytes > 0 &&
      connection.silence.holes.size() < most_holes)
    connection.silence.holes.emplace_back(connection.sent_to, sent.sequence);
}

void CaptureAnalysis::see_lost(const Transmission& sent, const TcpConnection& connection) {
  const Transmission* before = untold_carrier(Invariant::forwarding_loss, sent.sequence, connection);
  if (before == nullptr) return;
  const std::string what = fmt::format("did not leave the router, retransmitted as #{}", sent.number);
  evidence_.add(Invariant::forwarding_loss, ingress_, before->number, before->time_ns,
                describe_transmission(*before, connection) + "  [" + what + "]", what);
}

void CaptureAnalysis::see_sent_again(const Transmission& sent, TcpConnection& connection) {
  ++signs_.sent_again;
  Silence& silence = connection.silence;
  ++silence.sent_again;
  if (silence.head == 0 || sent.sequence <= silence.head) {
    if (sent.sequence < silence.head) silence.head_left = false;
    silence.head = sent.sequence;
    silence.bytes = sent.payload;
  }
  const Transmission* before = untold_carrier(Invariant::amplification, sent.sequence, connection);
  if (before == nullptr) return;
  const std::string again = fmt::format("retransmitted from #{} on", sent.number);
  evidence_.add(Invariant::amplification, ingress_, before->number, before->time_ns,
                describe_transmission(*before, connection) + "  [" + again + "]", again);
}

bool CaptureAnalysis::is_probe(const Transmission& sent, TcpConnection& connection) {
  if (sent.payload > 1) return false;
  const bool is_known = sent.end() <= connection.sent_to;
  if (is_known && connection.arrived_to() >= sent.end()) {  // a byte that arrived long ago (RFC 9293, 3.8.4)
    ++signs_.keep_alives;
    return true;
  }
  if (!connection.silence.window_closed) return false;
  ++signs_.window_probes;
  return is_known;
}

bool CaptureAnalysis::fills_hole(const Transmission& sent, Silence& silence) {
  for (auto hole = silence.holes.begin(); hole != silence.holes.end(); ++hole) {
    const auto [begin, end] = *hole;
    if (sent.sequence >= end || sent.end() <= begin) continue;
    silence.holes.erase(hole);
    if (sent.sequence > begin) silence.holes.emplace_back(begin, sent.sequence);
    if (sent.end() < end) silence.holes.emplace_back(sent.end(), end);
    return true;
  }
  return false;
}

void CaptureAnalysis::see_disobedience(const Transmission& sent, const TcpConnection& connection) {
  if (sent.size_unknown || sent.wire_length() <= connection.told_mtu || !connection.has_had_time_to_obey(sent.time_ns))
    return;
  seen_.long_after_convergence += sent.wire_packets();
  if (evidence_.wants(Invariant::pmtud_convergence))
    evidence_.add(Invariant::pmtud_convergence, ingress_, sent.number, sent.time_ns,
                  describe_transmission(sent, connection));
}

void CaptureAnalysis::see_acknowledgement(const Packet& packet, const Frame& frame, std::uint64_t number) {
  const TcpSegment& tcp = *packet.tcp;
  if ((tcp.flags & tcp_syn) != 0) return see_receivers_syn(packet);
  ++signs_.returned_before;
  if ((tcp.flags & tcp_rst) != 0) ++signs_.resets;
  TcpConnection* known = connections_.find(reversed(packet.flow));
  if (known == nullptr || !known->has_start || (tcp.flags & tcp_ack) == 0) return;
  TcpConnection& connection = *known;
  ++seen_.acknowledgements;
  if (tcp.payload_bytes == 0) forwarding_.leave_back(packet, frame, number, connection);
  if (which_ == Connections::all && (tcp.flags & tcp_rst) == 0) see_window(tcp, frame.time_ns, connection);
  // A FIN is acknowledged as a byte, too; it is none.
  const std::uint64_t ack = std::min(connection.sequence.nearest(tcp.acknowledgement), connection.sent_to);
  const std::uint64_t from = connection.arrived_to();
  if (ack < from || (ack == from && connection.acknowledged)) return;
  connection.round_trip.acknowledged(ack, frame.time_ns);
  // Later fragments do not say which bytes they carry, captures that others made may lack frames or have another clock;
  // what the receiver has of them has come out.
  if (seen_.egress_fragments > 0 || !seen_.has_egress || which_ == Connections::all)
    see_unseen(connection.outstanding.acknowledge(ack), frame.time_ns);
  connection.acknowledged = true;
  connection.acknowledged_to = ack;
  if (ack == from) return;
  seen_.acked_bytes += ack - from;
  see_missing(ack, connection);
  end_silence(connection, frame.time_ns);
  connection.progress_ns = frame.time_ns;
}

void CaptureAnalysis::see_unseen(std::uint64_t bytes, std::int64_t now_ns) {
  const auto [begin, end] = extents_.egress;
  if (seen_.has_egress && now_ns > begin && now_ns <= end) signs_.missing_behind += bytes;
}

void CaptureAnalysis::see_window(const TcpSegment& tcp, std::int64_t now_ns, TcpConnection& connection) {
  Silence& silence = connection.silence;
  if (tcp.window == 0) {
    ++signs_.zero_windows;
    if (!silence.window_closed) silence.closed_ns = now_ns;
    silence.window_closed = silence.window_was_closed = true;
  } else if (silence.window_closed) {
    signs_.window_closed_seconds += seconds_between(silence.closed_ns, now_ns);
    silence.window_closed = false;
  }
}

// What was acknowledged has been sent, whether or not the capture has it.
void CaptureAnalysis::see_missing(std::uint64_t acknowledged, TcpConnection& connection) {
  std::erase_if(connection.silence.holes, [&](const auto& hole) {
    if (hole.second > acknowledged) return false;
    signs_.missing_before += hole.second - hole.first;
    return true;
  });
}

void CaptureAnalysis::end_silence(TcpConnection& connection, std::int64_t until_ns) {
  const double seconds = seconds_between(connection.progress_ns, until_ns);
  Silence& silence = connection.silence;
  const bool is_told = which_ == Connections::all;
  const bool is_stall = !is_told || (silence.sent_again > 0 && !silence.window_was_closed);
  if (is_stall) seen_.longest_stall_seconds = std::max(seen_.longest_stall_seconds, seconds);
  if (is_told) {
    Stall& longest = is_stall ? signs_.stall : signs_.pause;
    if (seconds > longest.seconds)
      longest = {seconds,
                 since_begin(connection.progress_ns),
                 silence.number,
                 silence.sent_again,
                 silence.window_was_closed,
                 silence.bytes,
                 silence.head_left};
  }
  silence.number = 0;
  silence.head = 0;
  silence.sent_again = 0;
  silence.head_left = false;
  silence.window_was_closed = silence.window_closed;
}

void CaptureAnalysis::see_too_big(const Packet& packet, const Frame& frame, std::uint64_t number) {
  if (packet.too_big->quote != Quote::sequence) {
    if (packet.flow.destination == intent_.source) ++signs_.unquoted;
    return;
  }
  const FlowKey& quoted = packet.too_big->quoted_flow;
  TcpConnection* about = connections_.find(quoted);
  const auto& own = hop_.addresses;
  if (std::find(own.begin(), own.end(), packet.flow.source) == own.end()) return;  // another router's, passing this one
  if (quoted.source.family != intent_.source.family) return;  // counted by the other family's counters
  if (!is_judged(quoted) || is_foreign(about)) {
    ++seen_.frag_needed_other;
  } else {
    refusals_.see(packet, frame, number, about, frame.time_ns >= horizon_ns_);
  }
}

void CaptureAnalysis::see_senders_syn_leave(const Packet& packet) {
  ends_behind_.emplace(packet.flow.source, packet.flow.destination);
  const auto entered = senders_syns_.find(packet.tcp->sequence);
  if (entered != senders_syns_.end() && entered->second->flow != packet.flow)
    behind_nat_[packet.flow] = entered->second;
}

void CaptureAnalysis::see_data_leave(const Packet& packet, const Frame& frame, std::uint64_t number) {
  if ((packet.tcp->flags & tcp_syn) != 0) see_senders_syn_leave(packet);
  TcpConnection* connection = at_egress(packet.flow);
  if (packet.tcp->payload_bytes == 0 || is_foreign(connection)) return;
  ++seen_.egress_data_frames;
  seen_.egress_payload_bytes += packet.tcp->payload_bytes;
  if (!packet.df) ++seen_.egress_without_df;
  if (connection == nullptr || !connection->has_start)
    ++seen_.forwarding.without_origin;
  else if (!packet.fragment) {
    const std::uint64_t begin = connection->sequence.nearest(packet.tcp->sequence);
    const std::uint64_t head = connection->silence.head;
    if (head != 0 && begin <= head && head < begin + packet.tcp->payload_bytes) connection->silence.head_left = true;
    forwarding_.leave(packet, frame, number, *connection, passages_);
  }
}

void CaptureAnalysis::finish() {
  handshakes_.finish();
  ForwardingMeasurements& forwarding = seen_.forwarding;
  std::uint64_t most_payload = 0;
  for (TcpConnection& connection : connections_) {
    const std::uint64_t acked = connection.arrived_to();
    seen_.unacked_tail_bytes += std::min(connection.sent_to - acked, connection.payload_bytes);
    if (connection.progress_ns != 0 && connection.sent_to > acked) end_silence(connection, connection.last_data_ns);
    if (connection.silence.window_closed)
      signs_.window_closed_seconds += seconds_between(connection.silence.closed_ns, connection.last_data_ns);
    if (connection.payload_bytes > most_payload) {
      most_payload = connection.payload_bytes;
      signs_.round_trip_seconds = static_cast<double>(connection.round_trip.smoothed_ns()) * 1e-9;
      signs_.receiver_segment = connection.segment_sender_saw;
    }
    give_up_lost(connection, last_data_ns_);
    connection.outstanding.leave_open(passages_);
    forwarding.lost_bytes += connection.outstanding.lost_bytes();
    if (connection.announced_segment != 0)
      forwarding.announced_segment = std::min<std::uint64_t>(
          forwarding.announced_segment.value_or(connection.announced_segment), connection.announced_segment);
  }
  for (std::size_t size_class = 0; size_class < passages_.by_size.size(); ++size_class) {
    Passage& passage = passages_.by_size[size_class];
    passage.longest = SizeClasses::longest(size_class);
    if (passage.sent > 0) forwarding.passages.push_back(passage);
  }
  forwarding.in_bursts = passages_.in_bursts;
  seen_.evidence = evidence_.take();
}

WireMeasurements CaptureAnalysis::read_wire(FrameSource& frames) const {
  const bool splits = std::any_of(intent_.stages.begin(), intent_.stages.end(), [&](const StageIntent& stage) {
    return hop_.wire && stage.wire_port == hop_.wire->id && stage.mode != StageMode::pass;
  });
  WireMeasurements wire;
  Frame frame;
  while (frames.next(frame)) {
    const auto packet = parse_packet(frame);
    if (!packet || !is_data(*packet) || packet->tcp->payload_bytes == 0) continue;
    const Transmission sent = make_transmission(*packet, frame, 0);
    wire.data_packets += sent.wire_packets();
    // Before a stage that splits a frame is a packet, whatever its header says.
    wire.longest_packet = std::max<std::uint64_t>(wire.longest_packet, splits ? packet->length : sent.wire_length());
  }
  return wire;
}

}  // namespace offlab
