// What a bundle expects, and what a replay makes of it.
#include "bundle/expected.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bundle/compare_replay.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"
#include "unit/report/sample_run.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<ExpectedCounter> recorded_counters() {
  return grown_counters(recorded_leg("hypervisor-lro").seen, recorded_leg("hypervisor-lro", LegRole::control).seen,
                        {"router"}, {"server", "client"});
}

Expected expected_storm() {
  return {.name = "storm",
          .case_id = "hypervisor-lro",
          .fault_class = FaultClass::lro_orphan_storm,
          .offlab = "0.1.0",
          .warmup_seconds = 1,
          .case_goodput_bps = 1.9e6,
          .control_goodput_bps = 400e6,
          .counters = recorded_counters()};
}

TEST(Expected, HasTheGrowthOfTheCountersThatTell) {
  const auto counters = recorded_counters();
  const auto refused = std::find_if(counters.begin(), counters.end(), [](const ExpectedCounter& one) {
    return one.node == "router" && one.name == "Ip.FragFails";
  });
  ASSERT_NE(refused, counters.end());
  EXPECT_EQ(refused->in_case, *recorded_measurements("hypervisor-lro").frag_fails);
  EXPECT_EQ(refused->in_control, 0U);
  EXPECT_TRUE(refused->matters);
}

TEST(Expected, IsTheSameWhenItIsReadBack) {
  EXPECT_EQ(expected_from_json(expected_json(expected_storm())), expected_storm());
  EXPECT_THAT(refusal([] { expected_from_json("{}"); }), HasSubstr("expected.json is damaged"));
  EXPECT_THAT(refusal([] { expected_from_json(R"({"schema": "offlab.bundle/2"})"); }), HasSubstr("another schema"));
}

CaseResult storm_result() {
  return sample_run().cases[0];
}

TEST(CompareReplay, TheSameFaultWithOtherNumbersIsReproduced) {
  std::vector<ExpectedCounter> seen = recorded_counters();
  for (ExpectedCounter& one : seen) one.in_case *= 3;
  EXPECT_TRUE(compare_replay(expected_storm(), storm_result(), seen).reproduced);
}

TEST(CompareReplay, AnotherClassIsNot) {
  CaseResult result = storm_result();
  result.fault_class = FaultClass::healthy;
  const ReplayAnswer answer = compare_replay(expected_storm(), result, recorded_counters());
  EXPECT_FALSE(answer.reproduced);
  EXPECT_THAT(answer.differences, ElementsAre("the class is healthy instead of lro-orphan-storm"));
}

TEST(CompareReplay, ACounterThatDidNotGrowOrIsMissingIsADifference) {
  std::vector<ExpectedCounter> seen = recorded_counters();
  for (ExpectedCounter& one : seen)
    if (one.name == "Ip.FragFails") one.in_case = 0;
  EXPECT_FALSE(compare_replay(expected_storm(), storm_result(), seen).reproduced);
  EXPECT_FALSE(compare_replay(expected_storm(), storm_result(), {}).reproduced);
}

TEST(CompareReplay, AGoodputThatDidNotCollapseIsADifference) {
  CaseResult result = storm_result();
  result.measured->goodput_bps = 300e6;
  EXPECT_FALSE(compare_replay(expected_storm(), result, recorded_counters()).reproduced);
  result.measured->goodput_bps.reset();
  EXPECT_FALSE(compare_replay(expected_storm(), result, recorded_counters()).reproduced) << "absence is no success";
}

TEST(CompareReplay, OfAnImitationOnlyTheClassCounts) {
  Expected expected = expected_storm();
  expected.imitates = true;
  EXPECT_TRUE(compare_replay(expected, storm_result(), {}).reproduced);
}

}  // namespace
}  // namespace offlab
