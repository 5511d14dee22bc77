// What can be seen of a lab. Plans ask for no more, and what would need more cannot be judged.
#pragma once

#include <algorithm>
#include <set>

#include "model/capture_point.h"

namespace offlab {

// As it is, what a lab on this host shows: all that there is outside of the guests, and what they say themselves.
struct Observability {
  std::set<CaptureSide> captures = {CaptureSide::host, CaptureSide::wire};  // where frames can be captured
  bool tap_states = true;      // offloads of taps and merge stages: what is forced on them must be read back
  bool samples = true;         // byte counters of taps while traffic runs
  bool guest_counters = true;  // counters, settings and kernel logs of the guests
  bool operator==(const Observability&) const = default;
};

inline bool shows_all_of(const Observability& shown, const Observability& asked) {
  return std::includes(shown.captures.begin(), shown.captures.end(), asked.captures.begin(), asked.captures.end()) &&
         shown.tap_states >= asked.tap_states && shown.samples >= asked.samples &&
         shown.guest_counters >= asked.guest_counters;
}

}  // namespace offlab
