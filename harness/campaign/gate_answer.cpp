#include "campaign/gate_answer.h"

#include <array>
#include <cmath>

#include "campaign/paired_ratio.h"

namespace offlab {
namespace {

// Above this the interval is wrong in about 5 % instead of 1 % (docs/error-rates.md).
constexpr double correlated = 0.2;

}  // namespace

bool baseline_comes_first(std::size_t pair, unsigned seed) {
  constexpr std::array<bool, 4> order = {true, false, false, true};
  return order[pair % order.size()] == (seed % 2 == 0);
}

Comparison compare(const std::vector<double>& differences, const GateLimits& limits) {
  const double wanted = std::log(1 / (1 - limits.margin));
  const double deviations = limits.pair_deviation ? wanted / *limits.pair_deviation : 1;
  Comparison comparison{.interval = anytime_interval(differences, limits.alpha, deviations * deviations)};
  const PairedInterval& seen = comparison.interval;
  if (seen.half_width) {
    if (seen.mean + *seen.half_width < 0 && seen.mean <= -limits.margin / 2)
      comparison.answer = GateAnswer::worse;
    else if (seen.mean - *seen.half_width > -limits.margin)
      comparison.answer = GateAnswer::not_worse;
  }
  comparison.too_narrow = seen.neighbour_correlation && *seen.neighbour_correlation > correlated;
  return comparison;
}

Comparison compare_goodput(const std::vector<GatePair>& pairs, const GateLimits& limits) {
  std::vector<double> differences;
  for (const GatePair& pair : pairs)
    differences.push_back(std::log(pair.candidate.goodput_bps / pair.baseline.goodput_bps));
  return compare(differences, limits);
}

std::optional<Comparison> compare_cpu(const std::vector<GatePair>& pairs, const GateLimits& limits) {
  std::vector<double> differences;
  for (const GatePair& pair : pairs) {
    const auto& baseline = pair.baseline.cpu_seconds_per_gbit;
    const auto& candidate = pair.candidate.cpu_seconds_per_gbit;
    if (!baseline || !candidate || *baseline <= 0 || *candidate <= 0) return std::nullopt;
    differences.push_back(std::log(*baseline / *candidate));
  }
  return compare(differences, limits);
}

}  // namespace offlab
