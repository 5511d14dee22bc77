// How far an invariant may be off before it counts as violated. What is not listed has no room: one is too many.
#pragma once

namespace offlab {

struct Limits {
  double coverage = 0.001;      // bytes that never left, over bytes acknowledged
  double amplification = 1.10;  // payload bytes that crossed the uplink for each one that arrived
  double retransmits = 0.005;   // of the segments sent; three times the control's share is allowed, too
  double reordering = 0.001;    // of the frames that left
  double liveness_seconds = 1;  // without a new acknowledgement
  bool strict = false;          // moved segment boundaries and reordering fail instead of warning
  bool operator==(const Limits&) const = default;
};

}  // namespace offlab
