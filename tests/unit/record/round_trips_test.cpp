// What is sent to labs that stay and kept of them is the same when it is read, for every topology that is shipped;
// plans and workers' requests are in plan_json_test.cpp.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/json.h"
#include "plan/live_steps.h"
#include "plan/make_plan.h"
#include "record/control_request.h"
#include "record/digests.h"
#include "record/lab_entry.h"
#include "record/plan_json.h"
#include "session/scenario_file.h"
#include "unit/plan/shipped_scenarios.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

struct Shipped {
  std::string file;
  LoadedScenario loaded;
  RunPlan plan;
};

const std::vector<Shipped>& all_shipped() {
  static const std::vector<Shipped> all = [] {
    std::vector<Shipped> made;
    for (const std::filesystem::path& file : shipped_files()) {
      ScenarioOptions options;
      options.file = file;
      LoadedScenario loaded = load_scenario(options);
      RunPlan plan = with_digests(make_plan(loaded.scenario, loaded.cases, Question::as_expected));
      made.push_back({.file = file, .loaded = std::move(loaded), .plan = std::move(plan)});
    }
    return made;
  }();
  return all;
}

TEST(RoundTrips, ThereArePlansToTry) {
  EXPECT_GE(all_shipped().size(), 25U);
  for (const Shipped& one : all_shipped()) EXPECT_FALSE(one.plan.labs.empty()) << one.file;
}

// In the words of this version.
TEST(RoundTrips, OfAPlanOfAnEarlierVersion) {
  EXPECT_TRUE(plan_from_json(plan_to_json(recorded_plan())) == recorded_plan());
}

TEST(RoundTrips, OfControlRequests) {
  for (const Shipped& one : all_shipped()) {
    const LabPlan& lab = one.plan.labs.front();
    const std::vector<Step> steps = first_steps(one.loaded.cases.front().topology, lab);
    for (const control::Request& request :
         {control::Request(control::Set{steps}), control::Request(control::Cases{steps, lab, lab.configuration})}) {
      const std::string line = control::request_to_line(request);
      EXPECT_EQ(line.find('\n'), std::string::npos) << one.file;
      EXPECT_TRUE(control::request_from_line(line) == request) << one.file;
    }
  }
}

TEST(RoundTrips, OfEntriesOfLabsThatStay) {
  for (const Shipped& one : all_shipped()) {
    LabEntry entry;
    entry.name = one.plan.name;
    entry.state = LabState::up;
    entry.file = one.file;
    entry.case_id = one.loaded.cases.front().id;
    entry.axes = {"router.model=vmxnet3"};
    entry.set = {{"router.lro", "on"}};
    entry.supervisor = {100, 7};
    entry.init = {101, 8};
    entry.started = 1767225600;
    entry.accelerator = "tcg";
    entry.plan = plan_staying_lab(one.loaded.scenario, one.loaded.cases.front().topology, one.loaded.cases);
    EXPECT_TRUE(lab_entry_from_json(lab_entry_to_json(entry)) == entry) << one.file;
  }
}

// What equality is worth: one value in the depth of a plan makes another one of it.
TEST(RoundTrips, AreComparedToTheLastValue) {
  const RunPlan& plan = all_shipped().front().plan;
  RunPlan other = plan;
  LegPlan& leg = other.labs.back().cases.back().legs.back();
  const auto transfer = std::find_if(leg.steps.begin(), leg.steps.end(),
                                     [](const Step& step) { return std::holds_alternative<step::Transfer>(step); });
  ASSERT_NE(transfer, leg.steps.end());
  std::get<step::Transfer>(*transfer).sampled_taps.emplace_back("another");
  EXPECT_FALSE(other == plan);
}

}  // namespace
}  // namespace offlab
