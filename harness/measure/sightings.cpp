#include "measure/sightings.h"

#include <algorithm>

namespace offlab {

Viewpoint viewpoint_of(const Frame& frame, const Packet& packet) {
  return {frame.interface, frame.link_index, packet.place,
          !frame.has_direction ? Way::unknown : (frame.to_guest ? Way::out : Way::in), packet.hop_limit};
}

std::uint64_t identity_of(const Packet& packet, std::size_t flow_hash) {
  constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
  const TcpSegment& tcp = *packet.tcp;
  const std::uint64_t which =
      packet.identification != 0 ? packet.identification : (std::uint64_t{1} << 32U) | tcp.options_digest;
  std::uint64_t hash = flow_hash ^ (std::uint64_t{tcp.sequence} * multiplier);
  hash = (hash ^ (hash >> 29U) ^ which) * multiplier;
  if (tcp.payload_bytes == 0)
    hash = (hash ^ (hash >> 31U) ^ tcp.acknowledgement ^ (std::uint64_t{tcp.flags} << 32U)) * multiplier;
  return hash ^ (hash >> 32U);
}

void Sightings::keep(const Frame& frame, const Packet& packet, std::uint64_t identity) {
  const Viewpoint viewpoint = viewpoint_of(frame, packet);
  auto known = std::find(viewpoints_.begin(), viewpoints_.end(), viewpoint);
  if (known == viewpoints_.end()) {
    if (viewpoints_.size() == most_viewpoints) return;
    known = viewpoints_.insert(known, viewpoint);
  }
  if (all_.size() >= most) return;  // one packet, again and again
  all_.push_back({identity, frame.time_ns, packet.flow, static_cast<std::uint16_t>(known - viewpoints_.begin())});
  while (all_.size() >= most && mask_ != UINT64_MAX) {
    mask_ = 2 * mask_ + 1;
    std::erase_if(all_, [&](const Sighting& one) { return (one.identity & mask_) != 0; });
  }
}

}  // namespace offlab
