#include "campaign/paired_ratio.h"

#include <cmath>
#include <numeric>

namespace offlab {
namespace {

// Before that an interval is of no use, and a deviation of nearly nothing can come about by chance.
constexpr std::size_t fewest_pairs = 4;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double squares_around(const std::vector<double>& values, double mean) {
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [&](double sum, double value) { return sum + (value - mean) * (value - mean); });
}

double correlation_of_neighbours(const std::vector<double>& values, double mean, double squares) {
  if (squares == 0) return 0;
  double products = 0;
  for (std::size_t i = 1; i < values.size(); ++i) products += (values[i] - mean) * (values[i - 1] - mean);
  return products / squares;
}

}  // namespace

PairedInterval anytime_interval(const std::vector<double>& differences, double alpha, double scale) {
  PairedInterval interval{.pairs = differences.size()};
  if (differences.empty()) return interval;
  interval.mean = mean_of(differences);
  if (differences.size() < fewest_pairs) return interval;
  const auto n = static_cast<double>(differences.size());
  const double squares = squares_around(differences, interval.mean);
  interval.neighbour_correlation = correlation_of_neighbours(differences, interval.mean, squares);
  const double freedom = n - 1;
  const double c = 1 + n * scale;
  const double k = std::pow(c / (alpha * alpha), 1 / n);  // n = freedom + 1
  if (k >= c) return interval;
  interval.half_width = std::sqrt(squares / freedom / n) * std::sqrt(freedom * (k - 1) / (1 - k / c));
  return interval;
}

}  // namespace offlab
