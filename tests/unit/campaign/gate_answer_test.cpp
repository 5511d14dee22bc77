// From pairs to an answer: the interval, the order, and how often it is wrong.
#include "campaign/gate_answer.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "campaign/paired_ratio.h"

namespace offlab {
namespace {

// By hand: with n 4, c 5, K = (5 / 0.0025)^(1/4) = 6.69 >= c, so infinite. With n 8: s 0.1102, c 9,
// K = (9 / 0.0025)^(1/8) = 2.783, h = 0.1102 / sqrt(8) * sqrt(7 * 1.783 / (1 - 0.3092)) = 0.1656.
TEST(AnytimeInterval, IsThatOfThePaper) {
  const std::vector<double> four = {0.1, -0.1, 0.15, -0.05};
  EXPECT_EQ(anytime_interval(four, 0.05, 1).half_width, std::nullopt);
  EXPECT_DOUBLE_EQ(anytime_interval(four, 0.05, 1).mean, 0.025);
  std::vector<double> eight = four;
  eight.insert(eight.end(), four.begin(), four.end());
  const PairedInterval interval = anytime_interval(eight, 0.05, 1);
  ASSERT_TRUE(interval.half_width);
  const double k = std::pow(9 / 0.0025, 1.0 / 8);
  const double s = std::sqrt((2 * (0.075 * 0.075 + 0.125 * 0.125 + 0.125 * 0.125 + 0.075 * 0.075)) / 7);
  EXPECT_NEAR(*interval.half_width, s / std::sqrt(8) * std::sqrt(7 * (k - 1) / (1 - k / 9)), 1e-12);
  EXPECT_NEAR(*interval.half_width, 0.1656, 1e-4);
}

TEST(AnytimeInterval, OfFewPairsIsInfinite) {
  EXPECT_EQ(anytime_interval({}, 0.05, 1), PairedInterval());
  EXPECT_EQ(anytime_interval({0.1, 0.1, 0.1}, 0.05, 100).half_width, std::nullopt);
}

TEST(AnytimeInterval, TellsHowNeighboursDepend) {
  EXPECT_NEAR(*anytime_interval({1, 2, 3, 4, 5, 6, 7, 8}, 0.05, 1).neighbour_correlation, 0.625, 1e-9);
  EXPECT_LT(*anytime_interval({1, -1, 1, -1, 1, -1}, 0.05, 1).neighbour_correlation, -0.5);
  EXPECT_EQ(anytime_interval({1, 1, 1, 1}, 0.05, 1).neighbour_correlation, 0);
}

TEST(PairOrder, IsBalancedAgainstDriftAndSwings) {
  std::string order;
  for (std::size_t pair = 0; pair < 8; ++pair) order += baseline_comes_first(pair, 0) ? "AB" : "BA";
  EXPECT_EQ(order, "ABBABAABABBABAAB");
  for (std::size_t pair = 0; pair < 8; ++pair) EXPECT_NE(baseline_comes_first(pair, 1), baseline_comes_first(pair, 0));
}

struct Rates {
  double worse = 0;
  double fine = 0;
  double pairs = 0;
};

// Campaigns with noise of one deviation, each looked at after each pair.
Rates simulate(double ratio, double deviation, const GateLimits& limits) {
  constexpr int campaigns = 2000;
  std::mt19937_64 random(7);
  Rates rates;
  for (int i = 0; i < campaigns; ++i) {
    std::vector<double> differences;
    Comparison seen;
    do {
      const double u = static_cast<double>(random() >> 11U) * 0x1p-53;
      const double v = static_cast<double>(random() >> 11U) * 0x1p-53;
      differences.push_back(std::log(ratio) + deviation * std::sqrt(-2 * std::log(1 - u)) * std::cos(2 * M_PI * v));
      seen = compare(differences, limits);
    } while (seen.answer == GateAnswer::undecided && differences.size() < limits.most_pairs);
    rates.worse += seen.answer == GateAnswer::worse;
    rates.fine += seen.answer == GateAnswer::not_worse;
    rates.pairs += static_cast<double>(differences.size());
  }
  return {rates.worse / campaigns, rates.fine / campaigns, rates.pairs / campaigns};
}

// The limits that the gate promises; ci/gate-rates.sh has them with recorded noise and 10 000 campaigns.
TEST(Compare, IsSeldomWrongWhenItIsLookedAtAfterEachPair) {
  const GateLimits limits{.pair_deviation = 0.12};
  const Rates same = simulate(1, 0.12, limits);
  EXPECT_LE(same.worse, 0.015);
  EXPECT_GE(same.fine, 0.9);
  EXPECT_LE(simulate(0.9, 0.12, limits).fine, 0.01);
  const Rates much_worse = simulate(0.8, 0.12, limits);
  EXPECT_GE(much_worse.worse, 0.999);
  EXPECT_LE(much_worse.pairs, 8);
}

TEST(Compare, SaysWhenTheIntervalIsTooNarrow) {
  std::vector<double> drifting;
  for (int i = 0; i < 12; ++i) drifting.push_back(0.001 * i);
  EXPECT_TRUE(compare(drifting, {}).too_narrow);
  EXPECT_FALSE(compare({0.01, -0.01, 0.01, -0.01}, {}).too_narrow);
}

TEST(Compare, LessIsWorseAndMoreIsNot) {
  const std::vector<double> less(12, -0.25);
  const std::vector<double> more(12, 0.25);
  const auto jittered = [](std::vector<double> values) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] += i % 2 == 0 ? 0.01 : -0.01;
    return values;
  };
  EXPECT_EQ(compare(jittered(less), {}).answer, GateAnswer::worse);
  EXPECT_EQ(compare(jittered(more), {}).answer, GateAnswer::not_worse);
  EXPECT_EQ(compare({}, {}).answer, GateAnswer::undecided);
}

TEST(CompareCpu, IsLeftOutWhereALegHasNone) {
  std::vector<GatePair> pairs(6, {.baseline = {1e8, 3.0}, .candidate = {1e8, 4.0}});
  ASSERT_TRUE(compare_cpu(pairs, {}));
  EXPECT_NEAR(compare_cpu(pairs, {})->interval.mean, std::log(0.75), 1e-9);
  pairs[3].candidate.cpu_seconds_per_gbit.reset();
  EXPECT_FALSE(compare_cpu(pairs, {}));
  EXPECT_NEAR(compare_goodput(pairs, {}).interval.mean, 0, 1e-9);
}

}  // namespace
}  // namespace offlab
