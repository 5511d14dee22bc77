// How long a run may take, and which of its cases tell most for their time.
#include "plan/time_estimate.h"

#include <gtest/gtest.h>

#include "shipped_scenarios.h"

namespace offlab {
namespace {

using Ids = std::vector<std::string>;

RunPlan plan_of(const std::vector<Ids>& labs) {
  RunPlan plan;
  for (const Ids& ids : labs) {
    LabPlan& lab = plan.labs.emplace_back();
    for (const std::string& id : ids) lab.cases.push_back({.id = id});
  }
  return plan;
}

TEST(EstimateTime, IsWhatTheLastRunTook) {
  const RunPlan plan = plan_of({{"a", "b"}, {"new"}});
  const LastResults last = {{"a", {true, 4}}, {"b", {false, 10}}, {"gone", {true, 30}}, {"skipped", {true, 0}}};
  const TimeEstimate estimate = estimate_time(plan, last);
  EXPECT_EQ(estimate.case_seconds, (std::map<std::string, double>{{"a", 4}, {"b", 10}, {"new", 10}}));
  EXPECT_EQ(total_seconds(estimate, plan), 24 + 2 * estimate.lab_seconds);
}

TEST(EstimateTime, FollowsFromTheLegsWhereNothingIsKnown) {
  const RunPlan plan = plan_of_shipped("vmxnet3-router");
  const TimeEstimate estimate = estimate_time(plan, {});
  const CasePlan& first = plan.labs.at(0).cases.at(0);
  EXPECT_EQ(estimate.case_seconds.at(first.id), usual_traffic_seconds(first) + 2);  // control and case
  EXPECT_EQ(estimate.case_seconds.size(), 5U);
}

TEST(BeyondBudget, AreTheCasesThatThereIsNoTimeFor) {
  const RunPlan plan = plan_of({{"a", "long", "b"}, {"c"}});
  const TimeEstimate estimate{10, {{"a", 20}, {"long", 60}, {"b", 20}, {"c", 5}}};
  EXPECT_EQ(beyond_budget(plan, estimate, 125), Ids{});
  EXPECT_EQ(beyond_budget(plan, estimate, 124), Ids{"c"});
  EXPECT_EQ(beyond_budget(plan, estimate, 70), Ids{"long"});
  EXPECT_EQ(beyond_budget(plan, estimate, 60), (Ids{"long", "c"}));
  EXPECT_EQ(beyond_budget(plan, estimate, 1), (Ids{"a", "long", "b", "c"}));
}

std::vector<Case> cases_of(const std::vector<std::vector<SettingText>>& rows) {
  std::vector<Case> cases;
  for (const auto& row : rows) {
    std::string id;
    for (const auto& [key, value] : row) id += key + value;
    cases.push_back({.id = id, .axes = row, .topology = {}});
  }
  return cases;
}

Ids ordered(std::vector<Case> cases, const LastResults& last) {
  most_telling_first(cases, last);
  Ids ids;
  for (const Case& one : cases) ids.push_back(one.id);
  return ids;
}

const std::vector<std::vector<SettingText>> square = {
    {{"a", "1"}, {"b", "1"}}, {{"a", "1"}, {"b", "2"}}, {{"a", "2"}, {"b", "1"}}, {{"a", "2"}, {"b", "2"}}};

TEST(MostTellingFirst, IsWhatFailedThenWhatIsNewThenWhatPassed) {
  const LastResults last = {{"a1b1", {true, 5}}, {"a1b2", {true, 5}}, {"a2b2", {false, 5}}};
  EXPECT_EQ(ordered(cases_of(square), last), (Ids{"a2b2", "a2b1", "a1b1", "a1b2"}));
}

TEST(MostTellingFirst, PrefersTheShorterOfTwoThatTellAlike) {
  const LastResults last = {{"a1b1", {true, 50}}, {"a1b2", {true, 5}}, {"a2b1", {true, 50}}, {"a2b2", {true, 50}}};
  EXPECT_EQ(ordered(cases_of(square), last).front(), "a1b2");
}

// Of four new cases the second is the one that shares nothing with the first.
TEST(MostTellingFirst, PrefersSettingsThatNoCaseBeforeItHas) {
  EXPECT_EQ(ordered(cases_of(square), {}), (Ids{"a1b1", "a2b2", "a1b2", "a2b1"}));
}

}  // namespace
}  // namespace offlab
