// The recent transmissions of one TCP flow, in the order in which they were seen: which wire packets carried a byte
// last.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "measure/packet.h"

namespace offlab {

struct Transmission {
  Packet packet;
  std::uint64_t number = 0;  // frame number
  std::int64_t time_ns = 0;
  std::uint32_t wire_length = 0;  // L3 bytes of the longest packet that this frame stands for on the wire
  std::uint32_t wire_packets = 1;
  std::uint32_t segment_size = 0;  // payload bytes of each; 0 without segmentation data
};

// wire(f) of INVARIANTS: a frame with a segment size stands for several packets.
Transmission make_transmission(const Packet& packet, const Frame& frame, std::uint64_t number);

class Transmissions {
 public:
  void add(const Transmission& transmission);

  // How the sender last sent the range that a too-big error quotes.
  struct Lookup {
    const Transmission* first = nullptr;    // covers the range's first byte; null when it was never seen
    std::uint32_t longest_wire_packet = 0;  // of all transmissions that last covered a part of the range
  };
  Lookup latest_covering(std::uint32_t sequence, std::uint32_t bytes) const;

 private:
  static constexpr std::size_t kept = 8192;
  const Transmission* covering(std::uint32_t sequence) const;

  std::deque<Transmission> recent_;
};

}  // namespace offlab
