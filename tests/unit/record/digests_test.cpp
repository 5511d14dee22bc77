// What makes two questions the same.
#include "record/digests.h"

#include <set>

#include <gtest/gtest.h>

#include "base/json.h"
#include "record/plan_json.h"
#include "unit/plan/shipped_scenarios.h"

namespace offlab {
namespace {

std::string first_digest(RunPlan plan) {
  return with_digests(std::move(plan)).labs.at(0).cases.at(0).digest;
}

TEST(Digests, AreOfEachCaseAndOfAll) {
  const RunPlan plan = with_digests(plan_of_shipped("vmxnet3-router"));
  std::set<std::string> digests = {plan.digest};
  std::size_t cases = 1;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) {
      ++cases;
      digests.insert(one.digest);
      EXPECT_EQ(one.digest.size(), 64U);
    }
  EXPECT_EQ(digests.size(), cases);
}

TEST(Digests, DoNotDependOnNamesPlacesAndExpectations) {
  const RunPlan plan = plan_of_shipped("demo");
  RunPlan other = plan;
  other.name = "other";
  other.summary = "another one";
  other.question = Question::healthy;
  LabPlan& lab = other.labs.at(0);
  lab.name = "lab-7";
  CasePlan first = lab.cases.at(0);
  first.id = "renamed";
  first.folder = "cases/09-renamed";
  first.expect = FaultClass::unknown;
  lab.cases = {first};
  EXPECT_EQ(first_digest(other), first_digest(plan));
}

TEST(Digests, DependOnWhatIsAsked) {
  const RunPlan plan = plan_of_shipped("demo");
  RunPlan longer = plan;
  longer.measure.duration_seconds += 1;
  EXPECT_NE(first_digest(longer), first_digest(plan));
  RunPlan larger = plan;
  larger.labs.at(0).nodes.at(0).memory_mib += 1;
  EXPECT_NE(first_digest(larger), first_digest(plan));
  RunPlan stricter = plan;
  stricter.labs.at(0).cases.at(0).legs.at(0).intent.limits.coverage = 0.5;
  EXPECT_NE(first_digest(stricter), first_digest(plan));
}

TEST(Digests, SurviveThePlanFileAndAreMadeOnlyOnce) {
  const RunPlan plan = with_digests(plan_of_shipped("demo"));
  const RunPlan read = plan_from_json(plan_to_json(plan));
  EXPECT_EQ(read.digest, plan.digest);
  EXPECT_EQ(first_digest(read), plan.labs.at(0).cases.at(0).digest);
}

}  // namespace
}  // namespace offlab
