// Merge stages: where they are planned, what a leg does with them, and what it captures.
#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "unit/plan/shipped_scenarios.h"

namespace offlab {
namespace {

RunPlan shipped_plan() {
  const Scenario scenario = shipped_scenario("merging-switch");
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

const LegPlan& measured_leg(const RunPlan& plan, const std::string& id) {
  for (const CasePlan& one : plan.labs.at(0).cases)
    if (one.id == id) return one.legs.at(1);
  throw std::logic_error("no such case");
}

std::vector<std::string> described(const LegPlan& leg, const std::string& word) {
  std::vector<std::string> lines;
  for (const Step& step : leg.steps)
    if (const std::string text = describe(step); text.find(word) != std::string::npos) lines.push_back(text);
  return lines;
}

TEST(MergeStages, StandBeforeTheRoutersNicsOnly) {
  const LabPlan lab = shipped_plan().labs.at(0);
  ASSERT_EQ(lab.stages.size(), 2U);
  EXPECT_EQ(lab.stages[1].node, "router");
  EXPECT_EQ(lab.stages[1].network, "wan");
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics) EXPECT_EQ(nic.bridge != nic.network, node.name == "router") << nic.tap;
}

TEST(MergeStages, MergeInTheirCaseAndPassThroughInTheOthers) {
  const RunPlan plan = shipped_plan();
  EXPECT_EQ(
      described(measured_leg(plan, "merge"), "m-router-wan"),
      std::vector<std::string>{"host: merge stage w-router-wan | m-router-wan: coalesce what comes from the wire"});
  for (const char* id : {"off", "tso4-ipv4"})
    EXPECT_EQ(described(measured_leg(plan, id), "m-router-wan"),
              std::vector<std::string>{"host: merge stage w-router-wan | m-router-wan: pass everything through"})
        << id;
}

TEST(MergeStages, TheControlOfACaseThatMergesGetsThePacketsOneByOne) {
  const RunPlan plan = shipped_plan();
  const auto control = [&](const std::string& id) {
    for (const CasePlan& one : plan.labs.at(0).cases)
      if (one.id == id) return described(one.legs.at(0), "m-router-wan");
    throw std::logic_error("no such case");
  };
  EXPECT_EQ(control("merge"), std::vector<std::string>{"host: merge stage w-router-wan | m-router-wan: "
                                                       "split what comes from the wire into packets"});
  EXPECT_EQ(control("off"),
            std::vector<std::string>{"host: merge stage w-router-wan | m-router-wan: pass everything through"});
}

TEST(MergeStages, TheWireIsCaptured) {
  const RunPlan plan = shipped_plan();
  const LegPlan& leg = measured_leg(plan, "merge");
  EXPECT_EQ(leg.intent.hops.at(0).wire, (CapturePoint{"w-router-wan", "router", CaptureSide::wire}));
  EXPECT_EQ(described(leg, "capture").at(0).substr(0, 60),
            "host: capture router-wan router-lan w-router-wan (192 B a fr");
}

TEST(MergeStages, OneFamilyNeedsMergingOnlyForItsOwnFlows) {
  const RunPlan plan = shipped_plan();
  EXPECT_TRUE(measured_leg(plan, "tso4-ipv4").intent.hops.at(0).needs_merging);
  EXPECT_FALSE(measured_leg(plan, "tso4-ipv6").intent.hops.at(0).needs_merging);
}

TEST(MergeStages, ALabWhereNothingMergesHasNone) {
  const Scenario scenario = shipped_scenario("demo");
  EXPECT_TRUE(make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy).labs.at(0).stages.empty());
}

}  // namespace
}  // namespace offlab
