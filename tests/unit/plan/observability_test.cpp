// A plan asks for no more than its labs show.
#include "model/observability.h"

#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "shipped_scenarios.h"

namespace offlab {
namespace {

RunPlan plan_for(const Observability& observable) {
  const Scenario scenario = shipped_scenario("merging-switch");
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy, observable);
}

template <typename One>
std::vector<One> asked_for(const RunPlan& plan) {
  std::vector<One> found;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      for (const LegPlan& leg : one.legs)
        for (const Step& step : leg.steps)
          if (const One* same = std::get_if<One>(&step)) found.push_back(*same);
  return found;
}

TEST(Observability, ComparesWhatIsShown) {
  const Observability all;
  Observability less;
  less.captures = {CaptureSide::wire};
  less.samples = false;
  EXPECT_TRUE(shows_all_of(all, less));
  EXPECT_FALSE(shows_all_of(less, all));
  less = all;
  less.tap_states = false;
  EXPECT_FALSE(shows_all_of(less, all));
  less = all;
  less.guest_counters = false;
  EXPECT_FALSE(shows_all_of(less, all));
}

TEST(Observability, OfThisHostIsAskedForInFull) {
  const RunPlan plan = plan_for({});
  EXPECT_FALSE(asked_for<step::ForceTap>(plan).empty());
  EXPECT_FALSE(asked_for<step::SetMerging>(plan).empty());
  EXPECT_EQ(asked_for<step::StartCapture>(plan).at(0).targets.size(), 3U);
  EXPECT_FALSE(asked_for<step::Transfer>(plan).at(0).sampled_taps.empty());
  EXPECT_TRUE(asked_for<step::TakeSnapshot>(plan).at(0).taps);
}

TEST(Observability, WithoutTapsNothingIsAskedOfThem) {
  const RunPlan plan = plan_for({.captures = {}, .tap_states = false, .samples = false});
  EXPECT_TRUE(asked_for<step::ForceTap>(plan).empty());
  EXPECT_TRUE(asked_for<step::SetMerging>(plan).empty());
  EXPECT_TRUE(asked_for<step::ReleaseTaps>(plan).empty());
  EXPECT_TRUE(asked_for<step::StartCapture>(plan).empty());
  EXPECT_TRUE(asked_for<step::StopCapture>(plan).empty());
  for (const step::Transfer& transfer : asked_for<step::Transfer>(plan)) EXPECT_TRUE(transfer.sampled_taps.empty());
  for (const step::TakeSnapshot& take : asked_for<step::TakeSnapshot>(plan)) {
    EXPECT_TRUE(take.guests);
    EXPECT_FALSE(take.taps);
  }
  for (const LegPlan& leg : plan.labs.at(0).cases.at(0).legs) {
    EXPECT_EQ(leg.intent.hops.at(0).ingress, std::nullopt);
    EXPECT_EQ(leg.intent.hops.at(0).egress, std::nullopt);
    EXPECT_EQ(leg.intent.hops.at(0).wire, std::nullopt);
    EXPECT_FALSE(leg.intent.early_stop);
    EXPECT_FALSE(leg.intent.observable.tap_states);
  }
}

TEST(Observability, OfTheWireAloneLeavesOnePoint) {
  const RunPlan plan = plan_for({.captures = {CaptureSide::wire}});
  const step::StartCapture start = asked_for<step::StartCapture>(plan).at(0);
  ASSERT_EQ(start.targets.size(), 1U);
  EXPECT_EQ(start.targets[0].point.side, CaptureSide::wire);
}

TEST(Observability, WithoutGuestCountersNoGuestIsRead) {
  for (const step::TakeSnapshot& take : asked_for<step::TakeSnapshot>(plan_for({.guest_counters = false}))) {
    EXPECT_FALSE(take.guests);
    EXPECT_TRUE(take.taps);
  }
  EXPECT_TRUE(asked_for<step::TakeSnapshot>(plan_for({.tap_states = false, .guest_counters = false})).empty());
}

}  // namespace
}  // namespace offlab
