// Two captures of the same packets have two clocks. By how much they differ is told by packets that both have: none
// arrives before it was sent, in either direction (as NTP does it, RFC 5905).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "measure/capture_sides.h"

namespace offlab {

// One side of the router in a capture.
struct SideOfCapture {
  const Sightings& seen;
  const CaptureSides& sides;
  Side side;
};

struct ClockDifference {
  std::int64_t offset_ns = 0;  // of the clock behind the router, ahead of the one before it, at `since_ns`
  double drift = 0;            // seconds a second
  std::int64_t since_ns = 0;   // on the clock behind
  std::size_t compared = 0;    // packets that both captures have
  bool is_corrected = false;   // the clocks contradict each other: without a correction packets leave before they come

  // A time of the clock behind, on the clock before.
  std::int64_t corrected(std::int64_t behind_ns) const {
    if (!is_corrected) return behind_ns;
    return behind_ns - offset_ns - static_cast<std::int64_t>(static_cast<double>(behind_ns - since_ns) * drift);
  }
};

ClockDifference clock_difference(const SideOfCapture& before, const SideOfCapture& behind, const JudgedFlow& judged);

// "0.5 ms ahead", "1 h behind and 100 ppm fast"
std::string describe(const ClockDifference& clock);

}  // namespace offlab
