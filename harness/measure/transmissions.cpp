#include "measure/transmissions.h"

#include <algorithm>

#include "measure/fetch_memory.h"

namespace offlab {

Transmission make_transmission(const Packet& packet, const Frame& frame, std::uint64_t number) {
  const TcpSegment& tcp = *packet.tcp;
  Transmission made;
  made.number = number;
  made.time_ns = frame.time_ns;
  made.sequence = tcp.sequence;
  made.payload = tcp.payload_bytes;
  made.length = packet.length;
  if (frame.gso != GsoType::none && frame.gso_size > 0 && tcp.payload_bytes > frame.gso_size)
    made.segment_size = frame.gso_size;
  made.acknowledgement = tcp.acknowledgement;
  made.options_digest = tcp.options_digest;
  made.window = tcp.window;
  made.identification = packet.identification;
  made.hop_limit = packet.hop_limit;
  made.traffic_class = packet.traffic_class;
  made.flags = tcp.flags;
  made.df = packet.df;
  return made;
}

Packet packet_of(const Transmission& transmission, const FlowKey& flow) {
  Packet packet;
  packet.flow = flow;
  packet.length = transmission.length;
  packet.df = transmission.df;
  packet.tcp = TcpSegment();
  packet.tcp->sequence = static_cast<std::uint32_t>(transmission.sequence);
  packet.tcp->acknowledgement = transmission.acknowledgement;
  packet.tcp->flags = transmission.flags;
  packet.tcp->payload_bytes = transmission.payload;
  return packet;
}

void Transmissions::add(const Transmission& transmission) {
  // Not for each: with thousands of flows the oldest one is far away in memory.
  if (recent_.is_full()) forget_before(transmission.time_ns);
  if (recent_.size() >= kept) forget_oldest();
  recent_.push_back(transmission);
}

void Transmissions::forget_before(std::int64_t now_ns) {
  while (!recent_.empty() && now_ns - recent_.front().time_ns > kept_ns) forget_oldest();
  recent_.give_memory_back();
}

void Transmissions::forget_oldest() {
  recent_.pop_front();
  ++first_;
}

void Transmissions::fetch() const {
  recent_.fetch_next();
  if (cursor_ >= first_ && cursor_ - first_ < recent_.size())
    fetch_memory(&recent_[cursor_ - first_], 2 * sizeof(Transmission));
}

const Transmission* Transmissions::covering(std::uint64_t sequence) const {
  for (std::size_t index = recent_.size(); index > 0; --index)
    if (const Transmission& one = recent_[index - 1]; sequence - one.sequence < one.payload) return &one;
  return nullptr;
}

Transmissions::Lookup Transmissions::latest_covering(std::uint64_t sequence, std::uint32_t bytes) const {
  Lookup lookup;
  for (std::uint64_t at = sequence; at < sequence + bytes;) {
    const Transmission* one = covering(at);
    if (one == nullptr) break;
    if (lookup.first == nullptr) lookup.first = one;
    lookup.longest_wire_packet = std::max(lookup.longest_wire_packet, one->wire_length());
    lookup.size_unknown = lookup.size_unknown || one->size_unknown;
    at = one->end();
  }
  return lookup;
}

std::uint32_t Transmissions::longest_since(std::uint64_t sequence, std::uint32_t bytes, std::int64_t since_ns) const {
  std::uint32_t longest = 0;
  for (std::size_t index = recent_.size(); index > 0 && recent_[index - 1].time_ns >= since_ns; --index)
    if (const Transmission& one = recent_[index - 1]; one.sequence < sequence + bytes && sequence < one.end())
      longest = std::max(longest, one.wire_length());
  return longest;
}

Transmissions::Origin Transmissions::origin_of(std::uint64_t sequence, const TcpSegment& segment) {
  Origin origin;
  // True when there is no need to look further.
  const auto take = [&](std::uint64_t index) {
    Transmission& one = recent_[index - first_];
    if (sequence - one.sequence >= one.payload) return false;
    origin.covered = true;
    if (one.came_out >= one.payload) return false;
    const bool same = one.options_digest == segment.options_digest && one.acknowledgement == segment.acknowledgement;
    if (!same && origin.from != nullptr) return false;
    origin.from = &one;
    cursor_ = index;
    return same;
  };
  // A router forwards in order: the origin is the last one or shortly after it.
  constexpr std::uint64_t near = 64;
  constexpr std::uint64_t searched = 1024;  // a retransmission is found among the latest
  const std::uint64_t last = first_ + recent_.size();
  const std::uint64_t begin = std::max(cursor_, first_);
  for (std::uint64_t index = begin; index < std::min(begin + near, last); ++index)
    if (take(index)) return origin;
  const std::uint64_t oldest = last - std::min<std::uint64_t>(recent_.size(), searched);
  for (std::uint64_t index = last; index > oldest; --index)
    if (take(index - 1)) return origin;
  return origin;
}

}  // namespace offlab
