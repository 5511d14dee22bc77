// From pairs of measurements to an answer.
#pragma once

#include <vector>

#include "model/gate_report.h"

namespace offlab {

// Which arm of the pair (from 0) comes first: A B, B A, B A, A B, and so on, so that neither what drifts steadily nor
// what swings slowly falls on one arm. An odd `seed` begins with the candidate.
bool baseline_comes_first(std::size_t pair, unsigned seed);

// `differences`: ln(candidate / baseline) of a figure of which more is better, in the order of the pairs. *Worse*: the
// interval lies below 0, and its middle below half the margin. *Not worse*: the interval lies above the margin.
Comparison compare(const std::vector<double>& differences, const GateLimits& limits);

// Goodput, and the CPU time that a gigabit took where every leg has it.
Comparison compare_goodput(const std::vector<GatePair>& pairs, const GateLimits& limits);
std::optional<Comparison> compare_cpu(const std::vector<GatePair>& pairs, const GateLimits& limits);

}  // namespace offlab
