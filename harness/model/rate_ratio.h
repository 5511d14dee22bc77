// How two rates compare, and how sure that is. Pure arithmetic on rates sampled over time.
#pragma once

#include <optional>
#include <vector>

namespace offlab {

struct RateSample {
  double seconds = 0;  // how long
  double rate = 0;     // in any unit
  bool operator==(const RateSample&) const = default;
};

// One transfer, in the order of time.
using RateSeries = std::vector<RateSample>;

struct RateRatio {
  double value = 0;
  double low = 0;  // of the 95 % confidence interval
  double high = 0;
  bool operator==(const RateRatio&) const = default;
};

// Mean rate of `numerator` over that of `denominator`, each measured in one or more transfers. Neighbouring samples
// depend on each other (TCP goes up and down over several of them), so the interval is made from means over half a
// second, whose remaining correlation widens it further; Fieller's theorem gives the bounds. Nothing when the samples
// say too little: fewer than two on a side, or a denominator that cannot be told from zero.
std::optional<RateRatio> rate_ratio(const std::vector<RateSeries>& numerator,
                                    const std::vector<RateSeries>& denominator);

// Half the width of the mean's 95 % confidence interval, over the mean. Nothing when the samples say too little.
std::optional<double> relative_uncertainty(const std::vector<RateSeries>& series);

}  // namespace offlab
