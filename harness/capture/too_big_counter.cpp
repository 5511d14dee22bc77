#include "capture/too_big_counter.h"

#include <algorithm>

#include "capture/packet.h"

namespace offlab {
namespace {

// How long a packet that was too long excuses errors: a sender needs a round trip to hear of them.
constexpr std::int64_t excuse_ns = 300'000'000;

// Of each packet that the frame stands for on the wire: its L3 bytes.
std::uint32_t wire_length(const Frame& frame, const Packet& packet) {
  if (frame.gso_size == 0) return packet.length;
  return std::min(packet.length, packet.ip_header_bytes + packet.tcp->header_bytes + frame.gso_size);
}

}  // namespace

void TooBigCounter::see(const Frame& frame) {
  const auto packet = glance_at_packet(frame);
  if (!packet) return;
  if (frame.to_guest && packet->tcp) {
    const std::size_t length = frame.has_vnet ? wire_length(frame, *packet) : std::min(packet->length, longest_);
    last_seen_[std::min(length / step, last_seen_.size() - 1)] = frame.time_ns;
  }
  if (!frame.to_guest && packet->too_big && !longer_seen_since(packet->too_big->mtu, frame.time_ns - excuse_ns))
    ++bogus_;
}

bool TooBigCounter::longer_seen_since(std::uint32_t mtu, std::int64_t time_ns) const {
  const std::size_t first = std::min<std::size_t>(mtu / step + 1, last_seen_.size());
  return std::any_of(last_seen_.begin() + static_cast<std::ptrdiff_t>(first), last_seen_.end(),
                     [&](std::int64_t seen) { return seen != 0 && seen >= time_ns; });
}

}  // namespace offlab
