#include "measure/transmissions.h"

#include <algorithm>

namespace offlab {

Transmission make_transmission(const Packet& packet, const Frame& frame, std::uint64_t number) {
  Transmission made{packet, number, frame.time_ns, packet.length, 1, 0};
  const std::uint32_t payload = packet.tcp->payload_bytes;
  if (frame.gso != GsoType::none && frame.gso_size > 0 && payload > frame.gso_size) {
    made.wire_length = packet.length - payload + frame.gso_size;
    made.segment_size = frame.gso_size;
    made.wire_packets = (payload + frame.gso_size - 1) / frame.gso_size;
  }
  return made;
}

void Transmissions::add(const Transmission& transmission) {
  recent_.push_back(transmission);
  if (recent_.size() > kept) recent_.pop_front();
}

const Transmission* Transmissions::covering(std::uint32_t sequence) const {
  const auto found = std::find_if(recent_.rbegin(), recent_.rend(), [&](const Transmission& one) {
    return sequence - one.packet.tcp->sequence < one.packet.tcp->payload_bytes;  // modulo 2^32
  });
  return found == recent_.rend() ? nullptr : &*found;
}

Transmissions::Lookup Transmissions::latest_covering(std::uint32_t sequence, std::uint32_t bytes) const {
  Lookup lookup;
  for (std::uint32_t at = 0; at < bytes;) {
    const Transmission* one = covering(sequence + at);
    if (one == nullptr) break;
    if (lookup.first == nullptr) lookup.first = one;
    lookup.longest_wire_packet = std::max(lookup.longest_wire_packet, one->wire_length);
    at += one->packet.tcp->sequence + one->packet.tcp->payload_bytes - (sequence + at);
  }
  return lookup;
}

}  // namespace offlab
