// The ratio of two sampled rates: computed by hand, and its interval's coverage by simulation.
#include "model/rate_ratio.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace offlab {
namespace {

RateSeries series_of(const std::vector<double>& rates, double seconds = 0.1) {
  RateSeries series;
  for (const double rate : rates) series.push_back({seconds, rate});
  return series;
}

RateSeries constant(double rate, std::size_t count) {
  return series_of(std::vector<double>(count, rate));
}

TEST(RateRatio, OfConstantRatesHasNoWidth) {
  EXPECT_EQ(rate_ratio({constant(50, 25)}, {constant(200, 25)}), (RateRatio{0.25, 0.25, 0.25}));
}

TEST(RateRatio, OfNothingAtAllIsZero) {
  const auto ratio = rate_ratio({constant(0, 15)}, {series_of({90, 110, 95, 105, 100}, 0.5)});
  ASSERT_TRUE(ratio);
  EXPECT_EQ(*ratio, (RateRatio{0, 0, 0}));
}

// Alternation is no positive correlation, so nothing widens the interval here.
TEST(RateRatio, TakesTheIntervalFromBatchMeans) {
  const auto ratio = rate_ratio({series_of({80, 100, 80, 100}, 0.5)}, {constant(200, 20)});
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 0.45);
  // Batches 80 100 80 100: s^2 = 133.3, of the mean 33.3; t(3) = 3.182: 90 +- 18.37.
  EXPECT_NEAR(ratio->low, 0.35815, 1e-4);
  EXPECT_NEAR(ratio->high, 0.54185, 1e-4);
}

// Fieller's bounds are not symmetric about the ratio.
TEST(RateRatio, IsWiderUpwardsWhenTheDenominatorVaries) {
  const auto ratio = rate_ratio({constant(100, 20)}, {series_of({90, 110, 90, 110}, 0.5)});
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 1);
  // s^2 of the mean = 33.3, t(3) = 3.182: denominators 100 +- 18.37.
  EXPECT_NEAR(ratio->low, 100 / 118.37, 1e-4);
  EXPECT_NEAR(ratio->high, 100 / 81.63, 1e-4);
}

TEST(RateRatio, ASlowDriftWidensTheInterval) {
  const auto drift = rate_ratio({series_of({80, 85, 90, 95, 100}, 0.5)}, {constant(100, 25)});
  const auto mixed = rate_ratio({series_of({85, 95, 80, 100, 90}, 0.5)}, {constant(100, 25)});
  ASSERT_TRUE(drift && mixed);
  EXPECT_DOUBLE_EQ(drift->value, mixed->value);
  EXPECT_GT(drift->high - drift->low, 1.5 * (mixed->high - mixed->low));
}

TEST(RateRatio, MoreTransfersNarrowIt) {
  const RateSeries one = series_of({80, 120, 90, 110, 100}, 0.5);
  const auto once = rate_ratio({one}, {one});
  const auto twice = rate_ratio({one, one}, {one, one});
  ASSERT_TRUE(once && twice);
  EXPECT_LT(twice->high - twice->low, 0.7 * (once->high - once->low));
}

TEST(RateRatio, WeighsSamplesByTheirLength) {
  const auto ratio = rate_ratio({{{0.1, 50}, {0.4, 100}, {0.5, 90}}}, {constant(90, 10)});
  ASSERT_TRUE(ratio);
  EXPECT_DOUBLE_EQ(ratio->value, 1);
}

TEST(RateRatio, IsAbsentWhenTheSamplesSayTooLittle) {
  EXPECT_EQ(rate_ratio({}, {constant(1, 9)}), std::nullopt);
  EXPECT_EQ(rate_ratio({constant(1, 9)}, {}), std::nullopt);
  EXPECT_EQ(rate_ratio({constant(1, 1)}, {constant(1, 9)}), std::nullopt);
  EXPECT_EQ(rate_ratio({constant(1, 9)}, {constant(0, 9)}), std::nullopt);
  // 50 +- 12.7 * 35: may as well be nothing.
  EXPECT_EQ(rate_ratio({constant(1, 9)}, {series_of({0, 100})}), std::nullopt);
  EXPECT_EQ(rate_ratio({series_of({1, 1}, 0)}, {constant(1, 9)}), std::nullopt);
}

// A first-order autoregression about the mean, as the rate of a TCP connection sampled every 100 ms looks like.
class Source {
 public:
  Source(unsigned seed, double correlation) : random_(seed), correlation_(correlation) {}

  RateSeries transfer(double mean, std::size_t samples) {
    RateSeries series;
    double state = normal_(random_);
    for (std::size_t i = 0; i < samples; ++i) {
      state = correlation_ * state + std::sqrt(1 - correlation_ * correlation_) * normal_(random_);
      series.push_back({0.1, mean * (1 + 0.2 * state)});
    }
    return series;
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<double> normal_;
  double correlation_;
};

// How often the interval holds the true ratio, of 1000 experiments.
double coverage(double correlation, std::size_t samples, std::size_t transfers) {
  Source source(42, correlation);
  int held = 0;
  constexpr int experiments = 1000;
  for (int i = 0; i < experiments; ++i) {
    std::vector<RateSeries> top;
    std::vector<RateSeries> bottom;
    for (std::size_t leg = 0; leg < transfers; ++leg) {
      bottom.push_back(source.transfer(200, samples));
      top.push_back(source.transfer(100, samples));
    }
    const auto ratio = rate_ratio(top, bottom);
    if (!ratio || (ratio->low <= 0.5 && ratio->high >= 0.5)) ++held;
  }
  return static_cast<double>(held) / experiments;
}

TEST(RateRatio, TheIntervalHoldsTheTruthAsOftenAsItSays) {
  for (const std::size_t transfers : {1U, 2U})
    for (const std::size_t samples : {15U, 25U}) {
      EXPECT_GE(coverage(0, samples, transfers), 0.94) << samples << " samples, " << transfers << " transfers";
      EXPECT_GE(coverage(0.3, samples, transfers), 0.94) << samples << " samples, " << transfers << " transfers";
      EXPECT_GE(coverage(0.5, samples, transfers), 0.93) << samples << " samples, " << transfers << " transfers";
      EXPECT_GE(coverage(0.7, samples, transfers), 0.89) << samples << " samples, " << transfers << " transfers";
    }
}

// A second has too few samples to tell how strongly they depend on each other.
TEST(RateRatio, TheIntervalOfASecondIsALittleNarrow) {
  EXPECT_GE(coverage(0, 10, 1), 0.94);
  EXPECT_GE(coverage(0.5, 10, 1), 0.92);
  EXPECT_GE(coverage(0.7, 10, 1), 0.86);
}

TEST(RateRatio, TheIntervalIsNarrowEnoughToBeOfUse) {
  Source source(7, 0.3);
  const auto ratio = rate_ratio({source.transfer(200, 25)}, {source.transfer(200, 25)});
  ASSERT_TRUE(ratio);
  EXPECT_LT(ratio->high - ratio->low, 0.8);
}

TEST(RelativeUncertainty, IsHalfTheIntervalOverTheMean) {
  EXPECT_NEAR(*relative_uncertainty({series_of({80, 100, 80, 100}, 0.5)}), 18.37 / 90, 1e-4);
  EXPECT_EQ(relative_uncertainty({constant(0, 9)}), std::nullopt);
  EXPECT_EQ(relative_uncertainty({constant(5, 1)}), std::nullopt);
}

}  // namespace
}  // namespace offlab
