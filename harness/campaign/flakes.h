// Answers that are wrong now and then.
#pragma once

#include <cstddef>

namespace offlab {

// A proof's answers are this many ahead of those against it.
inline constexpr int wanted_lead = 2;
// As the chance of the wrong answers seen: then no hypothesis is true.
inline constexpr double incredible = 1e-5;

// Never quite 0: an answer that cannot be wrong would rule out the truth for good.
double assumed_flake_rate(double rate);

// How likely so many of the answers are wrong, or more (the binomial distribution's tail).
double chance_of_flakes(std::size_t answers, std::size_t wrong, double rate);

}  // namespace offlab
