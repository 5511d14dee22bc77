#include "campaign/watch.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "unit/campaign/synthetic_nights.h"

namespace offlab {
namespace {

const HistoryHost host{"lab-1", "tcg", "7.2.22", "6.1.0"};

HistoryRow row_of(unsigned night, FaultClass fault_class = FaultClass::healthy, double share = 0.9) {
  HistoryRow row{.night = std::to_string(night), .part = "routers", .case_id = "one"};
  row.host = host;
  row.fault_class = fault_class;
  row.outcome = fault_class == FaultClass::healthy ? Outcome::pass : Outcome::fail;
  row.goodput_bps = share * 1e9;
  row.control_bps = 1e9;
  return row;
}

TEST(SeriesOf, OneForEachCaseOnEachHostOfLastAttemptsWithAFigure) {
  std::vector<HistoryRow> rows = {row_of(1), row_of(2), row_of(3), row_of(4)};
  rows[1].last = false;
  rows[2].goodput_bps.reset();
  rows[3].host.kernel = "6.12";
  const auto series = series_of(rows);
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(series[0].nights, (std::vector<std::string>{"1"}));
  EXPECT_NEAR(series[0].ratios[0], std::log(0.9), 1e-12);
  EXPECT_EQ(series[1].host.kernel, "6.12");
}

TEST(FlakeRate, AnotherClassWithTheSameInputs) {
  std::vector<HistoryRow> rows;
  for (unsigned night = 0; night < 20; ++night)
    rows.push_back(row_of(night, night % 5 == 0 ? FaultClass::lro_orphan_storm : FaultClass::healthy));
  const FlakeRate rate = flake_rate(rows, host, "routers", "one");
  EXPECT_EQ(rate.attempts, 20U);
  EXPECT_EQ(rate.flakes, 4U);
  EXPECT_GT(rate.rate.low, too_flaky);
}

TEST(FlakeRate, AClassThatCameWithOtherInputsIsNone) {
  std::vector<HistoryRow> rows;
  for (unsigned night = 0; night < 20; ++night) {
    rows.push_back(row_of(night, night < 10 ? FaultClass::healthy : FaultClass::lro_orphan_storm));
    rows.back().image = night < 10 ? "old" : "new";
  }
  EXPECT_EQ(flake_rate(rows, host, "routers", "one").flakes, 0U);
}

TEST(FlakeRate, FiftyNinePassesBoundItAtFivePercent) {
  std::vector<HistoryRow> rows;
  for (unsigned night = 0; night < 59; ++night) rows.push_back(row_of(night));
  EXPECT_LT(flake_rate(rows, host, "routers", "one").rate.low, too_flaky);
}

TEST(AlarmingChanges, NoneBeforeTwelveNights) {
  std::vector<double> ratios(5, 0.0);
  ratios.resize(11, -0.5);
  EXPECT_TRUE(alarming_changes(ratios).empty());
  ratios.push_back(-0.5);
  EXPECT_EQ(alarming_changes(ratios).size(), 1U);
}

TEST(AlarmingChanges, ASmallOneWaitsForThreeNightsALargeOneDoesNot) {
  const auto seen_after = [](double change) {
    std::mt19937 random(7);
    std::normal_distribution<double> noise(0, 0.01);
    std::vector<double> ratios;
    for (int night = 0; night < 60; ++night) ratios.push_back(noise(random));
    for (unsigned nights = 1; nights < 20; ++nights) {
      ratios.push_back(change + noise(random));
      if (!alarming_changes(ratios).empty()) return nights;
    }
    return 0U;
  };
  EXPECT_EQ(seen_after(-0.1), 3U);
  EXPECT_EQ(seen_after(-0.4), 1U);
}

TEST(SyntheticNights, FewFalseAlarmsAndNextToNoneIsPublished) {
  unsigned published = 0;
  unsigned seed = 11;
  for (const Noise& noise : {gaussian(0.03), gaussian(0.1), two_bands()}) {
    const FalseAlarms alarms = false_alarms(noise, 5000, ++seed);
    EXPECT_LE(alarms.raw, 5U) << "of 5000 nights, seed " << seed;
    published += alarms.published;
  }
  EXPECT_LE(published, 3U) << "of 15000 nights";
}

TEST(SyntheticNights, ChangesAreFoundWithinNights) {
  EXPECT_LE(median_nights(0.03, std::log(0.9), true), 2U);
  EXPECT_LE(median_nights(0.1, std::log(0.8), true), 4U);
}

}  // namespace
}  // namespace offlab
