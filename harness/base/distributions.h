#pragma once

namespace offlab {

// How likely |t| or more is where nothing differs, with so many degrees of freedom (> 0). From Boost.Math.
double student_t_two_sided(double t, double freedom);

// The 95 % interval of a rate after `hits` of `trials`: Jeffreys' interval, quantiles of Beta(hits + 1/2, misses +
// 1/2). At 0 hits it begins at 0, at `trials` hits it ends at 1.
struct RateInterval {
  double low = 0;
  double high = 1;
  bool operator==(const RateInterval&) const = default;
};
RateInterval jeffreys_interval(unsigned long hits, unsigned long trials);

}  // namespace offlab
