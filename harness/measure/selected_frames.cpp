#include "measure/selected_frames.h"

#include <algorithm>

namespace offlab {
namespace {

constexpr std::size_t remembered = 1U << 13U;
constexpr std::size_t most_waiting = 1U << 13U;
constexpr std::int64_t waiting_ns = 3'000'000'000;
// The headers, with those of tunnels, and what an error quotes.
constexpr std::size_t kept_bytes = 512;

}  // namespace

SelectedFrames::SelectedFrames(FrameSource& frames, const Selection& selection)
    : frames_(frames),
      selection_(selection),
      looks_at_each_(selection.sort || !selection.sides.is_plain()),
      recent_(selection.sides.copies() > 1 ? remembered : 0) {}

bool SelectedFrames::next(Frame& frame) {
  if (!(selection_.sort ? next_in_order(frame) : next_selected(frame))) return false;
  frame.time_ns = selection_.clock.corrected(frame.time_ns);
  return true;
}

bool SelectedFrames::next_selected(Frame& frame) {
  while (frames_.next(frame)) {
    frame.number = ++number_;
    if (!looks_at_each_) {
      frame.to_guest = is_from(selection_.judged.source, frame) == selection_.is_ingress;
      return true;
    }
    const auto packet = glance_at_packet(frame);
    if (!packet || !is_wanted(frame, *packet)) continue;
    frame.to_guest = (packet->flow.source == selection_.judged.source) == selection_.is_ingress;
    return true;
  }
  return false;
}

bool SelectedFrames::is_wanted(const Frame& frame, const Packet& packet) {
  const JudgedFlow& judged = selection_.judged;
  if (packet.too_big) {
    // To the sender: it is seen on the sender's side, wherever else.
    if (selection_.sides.has_both() && selection_.side == Side::behind) return false;
    return !is_copy(frame, packet);
  }
  const bool is_fragment = packet.fragment && !packet.tcp;
  const bool is_forth = is_fragment
                            ? packet.flow.source == judged.source && packet.flow.destination == judged.destination
                            : packet.tcp && judged.is_forth(packet.flow);
  if (!is_forth && !(packet.tcp && judged.is_back(packet.flow))) return false;
  return selection_.sides.side_of(viewpoint_of(frame, packet), is_forth) == selection_.side && !is_copy(frame, packet);
}

// Seen a moment ago with the same headers, TTL included. Without an identification and timestamps a retransmission
// looks the same, but it needs a round trip.
bool SelectedFrames::is_copy(const Frame& frame, const Packet& packet) {
  if (recent_.empty()) return false;
  const std::size_t flow_hash = FlowKeyHash()(packet.too_big ? packet.too_big->quoted_flow : packet.flow);
  std::uint64_t identity = 0;
  if (packet.tcp) {
    identity = identity_of(packet, flow_hash) ^ (std::uint64_t{packet.tcp->payload_bytes} << 40U) ^ packet.tcp->window;
  } else {
    const std::uint64_t about = packet.too_big ? packet.too_big->quoted_sequence : packet.length;
    identity = (flow_hash ^ (about << 16U) ^ packet.identification) * 0x9e3779b97f4a7c15U;
  }
  identity ^= std::uint64_t{packet.hop_limit} << 56U;
  const std::int64_t soon = packet.identification != 0 ? 50'000'000 : 2'000'000;
  Recent& slot = recent_[(identity ^ (identity >> 32U)) % recent_.size()];
  if (slot.identity == identity && frame.time_ns - slot.time_ns < soon && slot.time_ns - frame.time_ns < soon) {
    ++copies_;
    return true;
  }
  slot = {identity, frame.time_ns};
  return false;
}

bool SelectedFrames::next_in_order(Frame& frame) {
  while (!ended_ && waiting_.size() < most_waiting &&
         (waiting_.empty() || latest_ns_ - waiting_.top().frame.time_ns < waiting_ns)) {
    Frame read;
    if (!next_selected(read)) {
      ended_ = true;
      break;
    }
    latest_ns_ = waiting_.empty() ? read.time_ns : std::max(latest_ns_, read.time_ns);
    Owned one;
    one.bytes.assign(read.bytes.begin(),
                     read.bytes.begin() + static_cast<std::ptrdiff_t>(std::min(read.bytes.size(), kept_bytes)));
    one.frame = read;
    one.order = number_;
    waiting_.push(std::move(one));
  }
  if (waiting_.empty()) return false;
  current_ = waiting_.top();
  waiting_.pop();
  frame = current_.frame;
  frame.bytes = current_.bytes;
  return true;
}

}  // namespace offlab
