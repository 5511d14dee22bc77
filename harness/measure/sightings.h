// A sample of the TCP packets of a capture, each with what makes it that packet wherever it is seen: the same packets
// are in the sample of another capture, or twice in this one when it was made in two places. Memory is bounded.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "capture/packet.h"
#include "model/frame.h"

namespace offlab {

enum class Way : std::uint8_t { unknown, in, out };  // of the machine that captured

// A place where packets were seen: an interface, a VLAN, one side of a router.
struct Viewpoint {
  std::uint16_t interface = 0;
  std::uint32_t link_index = 0;
  std::uint32_t place = 0;
  Way way = Way::unknown;
  std::uint8_t hop_limit = 0;
  auto operator<=>(const Viewpoint&) const = default;
};

Viewpoint viewpoint_of(const Frame& frame, const Packet& packet);

// The same for a packet before and behind a router, for a frame that LRO, GRO or TSO made and the first of its packets,
// and for no other packet but a retransmission of a sender that neither numbers its packets nor sends timestamps.
std::uint64_t identity_of(const Packet& packet, std::size_t flow_hash);

struct Sighting {
  std::uint64_t identity = 0;
  std::int64_t time_ns = 0;
  FlowKey flow;
  std::uint16_t viewpoint = 0;  // index into Sightings::viewpoints()
};

class Sightings {
 public:
  static constexpr std::size_t most = 1U << 14U;

  // `flow_hash`: FlowKeyHash of the packet's flow.
  void see(const Frame& frame, const Packet& packet, std::size_t flow_hash) {
    const std::uint64_t identity = identity_of(packet, flow_hash);
    if ((identity & mask_) == 0) keep(frame, packet, identity);
  }

  // In the order of the capture.
  const std::vector<Sighting>& all() const { return all_; }
  const std::vector<Viewpoint>& viewpoints() const { return viewpoints_; }

 private:
  static constexpr std::size_t most_viewpoints = 256;

  void keep(const Frame& frame, const Packet& packet, std::uint64_t identity);

  std::uint64_t mask_ = 0;  // a packet is in the sample when these bits of its identity are zero
  std::vector<Sighting> all_;
  std::vector<Viewpoint> viewpoints_;
};

}  // namespace offlab
