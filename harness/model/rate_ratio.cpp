#include "model/rate_ratio.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace offlab {
namespace {

constexpr double batch_seconds = 0.5;
constexpr std::size_t least_batches = 4;  // of a short transfer; fewer would widen the interval beyond use
// Few batches make a poor estimate of their correlation; more than this is taken for noise of that estimate.
constexpr double largest_correlation = 0.5;

struct Mean {
  double value = 0;
  double variance = 0;  // of the mean
  double freedom = 0;   // degrees of
};

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double seconds_of(const RateSeries& series) {
  double seconds = 0;
  for (const RateSample& sample : series) seconds += sample.seconds;
  return seconds;
}

// Means over runs of neighbouring samples of about the batch time.
std::vector<double> batches_of(const RateSeries& series) {
  const double seconds = seconds_of(series);
  if (seconds <= 0) return {};
  const auto wanted = static_cast<std::size_t>(std::lround(seconds / batch_seconds));
  const std::size_t count = std::min(std::max(wanted, least_batches), series.size());
  std::vector<double> batches;
  double amount = 0;
  double time = 0;
  double passed = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    amount += series[i].rate * series[i].seconds;
    time += series[i].seconds;
    passed += series[i].seconds;
    const double next_middle = passed + (i + 1 < series.size() ? series[i + 1].seconds / 2 : seconds);
    if (time <= 0 || next_middle * static_cast<double>(count) < static_cast<double>(batches.size() + 1) * seconds)
      continue;
    batches.push_back(amount / time);
    amount = 0;
    time = 0;
  }
  return batches;
}

// Between neighbouring batches of the same transfer, corrected for the bias of short series; 0..largest_correlation.
double correlation_of(const std::vector<std::vector<double>>& transfers) {
  double together = 0;
  double alone = 0;
  double count = 0;
  for (const std::vector<double>& batches : transfers) {
    if (batches.empty()) continue;
    const double mean = mean_of(batches);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      alone += (batches[i] - mean) * (batches[i] - mean);
      if (i > 0) together += (batches[i] - mean) * (batches[i - 1] - mean);
    }
    count += static_cast<double>(batches.size());
  }
  if (alone <= 0) return 0;
  const double bias = static_cast<double>(transfers.size()) / count;
  return std::clamp(together / alone + bias, 0.0, largest_correlation);
}

std::optional<Mean> estimate(const std::vector<RateSeries>& transfers) {
  std::vector<std::vector<double>> batches;
  std::vector<double> all;
  double amount = 0;
  double seconds = 0;
  for (const RateSeries& series : transfers) {
    for (const RateSample& sample : series) amount += sample.rate * sample.seconds;
    seconds += seconds_of(series);
    batches.push_back(batches_of(series));
    all.insert(all.end(), batches.back().begin(), batches.back().end());
  }
  if (all.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(all.size());
  const double mean = amount / seconds;
  double squares = 0;
  for (const double value : all) squares += (value - mean) * (value - mean);
  const double correlation = correlation_of(batches);
  const double widening = (1 + correlation) / (1 - correlation);
  return Mean{mean, squares / (count - 1) / count * widening, count - 1};
}

// Student's t, two-sided 95 %; between the table's rows, linear in 1/degrees.
double student_t(double freedom) {
  struct Row {
    double freedom, t;
  };
  constexpr std::array<Row, 15> rows = {{{1, 12.706},
                                         {2, 4.303},
                                         {3, 3.182},
                                         {4, 2.776},
                                         {5, 2.571},
                                         {6, 2.447},
                                         {7, 2.365},
                                         {8, 2.306},
                                         {9, 2.262},
                                         {10, 2.228},
                                         {12, 2.179},
                                         {15, 2.131},
                                         {20, 2.086},
                                         {30, 2.042},
                                         {1e12, 1.960}}};
  const double wanted = std::clamp(freedom, rows.front().freedom, rows.back().freedom);
  std::size_t above = 1;
  while (rows[above].freedom < wanted) ++above;
  const Row& low = rows[above - 1];
  const Row& high = rows[above];
  const double share = (1 / low.freedom - 1 / wanted) / (1 / low.freedom - 1 / high.freedom);
  return low.t + share * (high.t - low.t);
}

}  // namespace

std::optional<RateRatio> rate_ratio(const std::vector<RateSeries>& numerator,
                                    const std::vector<RateSeries>& denominator) {
  const auto top = estimate(numerator);
  const auto bottom = estimate(denominator);
  if (!top || !bottom || bottom->value <= 0) return std::nullopt;
  const double ratio = top->value / bottom->value;
  // Welch and Satterthwaite's degrees of freedom of top - ratio * bottom.
  const double of_top = top->variance;
  const double of_bottom = ratio * ratio * bottom->variance;
  double t = student_t(std::min(top->freedom, bottom->freedom));
  if (of_top + of_bottom > 0)
    t = student_t((of_top + of_bottom) * (of_top + of_bottom) /
                  (of_top * of_top / top->freedom + of_bottom * of_bottom / bottom->freedom));
  const double a = bottom->value * bottom->value - t * t * bottom->variance;
  if (a <= 0) return std::nullopt;
  const double b = top->value * bottom->value;
  const double c = top->value * top->value - t * t * top->variance;
  const double root = std::sqrt(std::max(0.0, b * b - a * c));
  return RateRatio{ratio, std::max(0.0, (b - root) / a), (b + root) / a};
}

std::optional<double> relative_uncertainty(const std::vector<RateSeries>& series) {
  const auto mean = estimate(series);
  if (!mean || mean->value <= 0) return std::nullopt;
  return student_t(mean->freedom) * std::sqrt(mean->variance) / mean->value;
}

}  // namespace offlab
