// Where the level of a series of nightly figures changed.
#pragma once

#include <cstddef>
#include <vector>

namespace offlab {

struct ChangePoint {
  std::size_t index = 0;  // of the first figure of the new level
  std::size_t begin = 0;  // of the level before it
  double before = 0;      // means of the two levels beside it
  double after = 0;
  double p_value = 1;  // two-sided Student's t of these two levels
  bool operator==(const ChangePoint&) const = default;
};

// What a change has to be at least.
enum class Magnitude {
  relative,    // |after / before - 1|, or the same the other way round, whichever is more
  difference,  // |after - before|: of logarithms, the relative change itself
};

struct ChangePointLimits {
  std::size_t window = 50;  // figures that are looked at together; at least 2
  double p_value = 0.0001;
  double least_change = 0.02;
  Magnitude magnitude = Magnitude::difference;
};

// In order. E-divisive splits (Matteson and James, arXiv 1306.4933) in windows, each with Student's t, first with ten
// times the p-value; then the weakest are taken away until all that is left holds (Fleming et al., "Hunter", ICPE 2023,
// doi 10.1145/3578244.3583719). The reference is apache/otava, compute_change_points(): the same lists come out.
std::vector<ChangePoint> change_points(const std::vector<double>& series, const ChangePointLimits& limits);

}  // namespace offlab
