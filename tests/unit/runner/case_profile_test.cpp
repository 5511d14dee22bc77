// Charts, picture and settings of the recorded run.
#include "runner/case_profile.h"

#include <algorithm>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "record/case_profile_json.h"
#include "runner/run_case.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// The case that the recording has as a storm.
const CasePlan& storm() {
  return recorded_case("hypervisor-lro");
}

CaseProfile storm_profile() {
  const RunFolder folder = RunFolder::open(recorded_run_path);
  return profile_case(judge_recorded_case(storm(), folder, recorded_plan()), recorded_plan().labs.front(), storm(),
                      folder);
}

TEST(CaseProfile, ShowsTheErrorsOfAStormOverTime) {
  const CaseProfile profile = storm_profile();
  ASSERT_EQ(profile.legs.size(), 2U);
  const LegProfile& measured = profile.legs[0];
  const LegProfile& control = profile.legs[1];
  EXPECT_EQ(measured.name, "case");
  EXPECT_EQ(control.name, "control");
  const auto errors = std::accumulate(measured.errors.begin(), measured.errors.end(), std::uint64_t{0});
  EXPECT_EQ(errors, recorded_measurements("hypervisor-lro").capture->frag_needed);
  EXPECT_EQ(std::accumulate(control.errors.begin(), control.errors.end(), std::uint64_t{0}), 0U);
  EXPECT_FALSE(measured.uplink.empty());
  EXPECT_FALSE(measured.goodput.empty());
  EXPECT_EQ(measured.errors.size(), std::max(measured.errors.size(), measured.uplink.size()));
}

TEST(CaseProfile, CountsACoalescedFrameAsThePacketsOnTheWire) {
  const CaseProfile profile = storm_profile();
  const auto& points = profile.legs[0].points;
  const auto into = std::find_if(points.begin(), points.end(),
                                 [](const PointProfile& one) { return one.text.rfind("into router", 0) == 0; });
  ASSERT_NE(into, points.end());
  EXPECT_EQ(into->mtu, 1500U);
  EXPECT_LE(into->packets.back().first, 1500U) << "on the wire every packet fits";
  ASSERT_FALSE(into->frames.empty());
  EXPECT_GT(into->frames.back().first, 1500U) << "the router was handed coalesced frames";
}

TEST(CaseProfile, DrawsThePathOfTheData) {
  EXPECT_THAT(storm_profile().picture.path, ElementsAre("server", "wan", "router", "lan", "client"));
  const CasePicture picture = storm_profile().picture;
  const auto router = std::find_if(picture.nodes.begin(), picture.nodes.end(),
                                   [](const PicturedNode& node) { return node.name == "router"; });
  ASSERT_NE(router, picture.nodes.end());
  EXPECT_TRUE(router->under_test);
  EXPECT_EQ(router->nics.front().model, "vmxnet3");
}

TEST(CaseProfile, ShowsTheSettingsThatWereReadBackAndFirstThoseThatDiffer) {
  const std::vector<SettingReading> settings = storm_profile().settings;
  ASSERT_FALSE(settings.empty());
  const auto differs = [](const SettingReading& one) { return one.in_case != one.in_control; };
  EXPECT_TRUE(std::is_partitioned(settings.begin(), settings.end(), differs));
  EXPECT_TRUE(std::any_of(settings.begin(), settings.end(), [](const SettingReading& one) {
    return one.where.rfind("tap ", 0) == 0 && one.what == "tx-tcp-segmentation" && one.in_case == "on";
  }));
}

TEST(CaseProfile, IsTheSameWhenItIsReadBack) {
  const CaseProfile profile = storm_profile();
  EXPECT_EQ(case_profile_from_json(case_profile_json(profile)), profile);
  EXPECT_THAT(refusal([] { case_profile_from_json("{}"); }), HasSubstr("profile.json is damaged"));
  EXPECT_THAT(refusal([] { case_profile_from_json("not json"); }), HasSubstr("profile.json is damaged"));
}

TEST(CaseProfile, OfACaseThatWasNotRecordedIsEmpty) {
  CaseResult result = judge_recorded_case(storm(), RunFolder::open(recorded_run_path), recorded_plan());
  result.recorded = Recorded::broken;
  EXPECT_EQ(profile_case(result, recorded_plan().labs.front(), storm(), RunFolder::open(recorded_run_path)),
            CaseProfile());
}

}  // namespace
}  // namespace offlab
