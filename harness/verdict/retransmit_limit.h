// How much a sender may send again.
#pragma once

#include <algorithm>

namespace offlab {

// Share of the segments: the file's limit, or three times the share in the leg that is compared with.
inline double retransmit_limit(double limit, double compared_with) {
  constexpr double times = 3;
  return std::max(limit, times * compared_with);
}

}  // namespace offlab
