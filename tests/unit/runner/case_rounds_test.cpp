// Whether another round of control and case is needed.
#include "runner/case_rounds.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace offlab {
namespace {

// What iperf3 prints of a second, as far as it is read.
std::string report(const std::vector<double>& rates, const std::string& error = {}) {
  std::string text = "{\"intervals\": [";
  for (std::size_t i = 0; i < rates.size(); ++i)
    text += fmt::format("{}{{\"sum\": {{\"start\": {}, \"seconds\": 0.5, \"bits_per_second\": {}}}}}",
                        i == 0 ? "" : ",", static_cast<double>(i) * 0.5, rates[i]);
  return text + "]" + (error.empty() ? "" : fmt::format(", \"error\": \"{}\"", error)) + "}";
}

LegPlan leg_of(LegRole role) {
  LegPlan leg;
  leg.role = role;
  leg.intent.throughput_floor = 0.5;
  return leg;
}

LegObservation carried(const std::vector<double>& rates) {
  LegObservation seen;
  seen.transfer = {report(rates), "", 0};
  return seen;
}

RoundComparison comparison_of(const LegObservation& control, const LegObservation& measured) {
  RoundComparison comparison;
  comparison.add(leg_of(LegRole::control), control);
  comparison.add(leg_of(LegRole::measured), measured);
  return comparison;
}

const std::vector<double> control_rates = {98e6, 102e6, 97e6, 103e6, 100e6};

TEST(RoundComparison, IsDecidedWhenTheIntervalIsClearOfTheFloor) {
  EXPECT_FALSE(comparison_of(carried(control_rates), carried(control_rates)).undecided());
  EXPECT_FALSE(comparison_of(carried(control_rates), carried({20e6, 21e6, 19e6, 20e6})).undecided());
  EXPECT_FALSE(comparison_of(carried(control_rates), carried({0, 0, 0, 0})).undecided());
}

TEST(RoundComparison, IsUndecidedWhileTheIntervalHoldsTheFloor) {
  EXPECT_TRUE(comparison_of(carried(control_rates), carried({40e6, 65e6, 45e6, 60e6, 55e6})).undecided());
  EXPECT_TRUE(comparison_of(carried(control_rates), carried({60e6})).undecided());
}

TEST(RoundComparison, ALaterRoundCanDecide) {
  RoundComparison comparison = comparison_of(carried(control_rates), carried({40e6, 70e6, 45e6, 65e6, 60e6}));
  ASSERT_TRUE(comparison.undecided());
  comparison.add(leg_of(LegRole::measured), carried({60e6, 61e6, 59e6, 60e6, 60e6}));
  comparison.add(leg_of(LegRole::control), carried(control_rates));
  EXPECT_FALSE(comparison.undecided());
}

TEST(RoundComparison, ALegThatBrokeDownIsAnAnswer) {
  LegObservation failed = carried({40e6, 65e6});
  failed.transfer.client_json = report({40e6, 65e6}, "control socket has closed unexpectedly");
  EXPECT_FALSE(comparison_of(carried(control_rates), failed).undecided());
  LegObservation storm = carried({60e6});
  storm.transfer.end = TransferEnd::storm;
  EXPECT_FALSE(comparison_of(carried(control_rates), storm).undecided());
}

TEST(RoundComparison, AStallIsComparedLikeAnyRate) {
  LegObservation stalled = carried({60e6, 30e6, 70e6, 0});
  stalled.transfer.end = TransferEnd::stalled;
  EXPECT_TRUE(comparison_of(carried(control_rates), stalled).undecided());
  stalled.transfer.client_json = report({1e6, 1e6, 2e6, 0});
  EXPECT_FALSE(comparison_of(carried(control_rates), stalled).undecided());
}

}  // namespace
}  // namespace offlab
