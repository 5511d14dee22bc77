// Several files, one result.
#include "report/suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "record/run_json.h"
#include "sample_run.h"

namespace offlab {
namespace {

using testing::HasSubstr;

SuiteMember ran(const std::string& name, std::vector<CaseResult> cases) {
  RunResult run = sample_run();
  run.cases = std::move(cases);
  std::vector<Outcome> outcomes;
  for (const CaseResult& one : run.cases) outcomes.push_back(one.outcome);
  run.outcome = combine(outcomes);
  return {name, run, false, ""};
}

const SuiteMember passed = ran("h36-controls", {sample_case("virtio", Outcome::pass, FaultClass::healthy)});
const SuiteMember failed = ran("h01-storm", {sample_case("storm", Outcome::fail, FaultClass::healthy)});
const SuiteMember unclear = ran("h12-pmtud", {sample_case("vmxnet3", Outcome::inconclusive, std::nullopt)});
const SuiteMember mistaken = {"h99-typo", std::nullopt, true, "h99-typo.toml:1:1: error: unknown key 'nam'"};
const SuiteMember broken = {"h98-disk", std::nullopt, false, "the disk is full"};

TEST(Suite, HasTheCasesOfAllItsMembers) {
  const RunResult suite = suite_result("hazards", {passed, failed, mistaken});
  ASSERT_EQ(suite.cases.size(), 3U);
  EXPECT_EQ(suite.cases[0].id, "h36-controls/virtio");
  EXPECT_EQ(suite.cases[0].artifacts.front(), "h36-controls/cases/01-virtio/case.json");
  EXPECT_EQ(suite.cases[1].id, "h01-storm/storm");
  EXPECT_EQ(suite.cases[2].id, "h99-typo");
  EXPECT_EQ(suite.cases[2].outcome, Outcome::error);
  EXPECT_THAT(suite.cases[2].reason, HasSubstr("unknown key 'nam'"));
  EXPECT_EQ(suite.outcome, Outcome::fail);
  EXPECT_EQ(suite.started, passed.run->started);
  EXPECT_EQ(suite.seconds, passed.run->seconds * 2);
  EXPECT_EQ(nlohmann::json::parse(run_json(suite)).at("question"), "as-expected");
}

TEST(Suite, TheWorstMemberMakesTheExitStatus) {
  EXPECT_EQ(suite_exit_code({passed}), 0);
  EXPECT_EQ(suite_exit_code({passed, unclear}), 4);
  EXPECT_EQ(suite_exit_code({passed, unclear, broken}), 3);
  EXPECT_EQ(suite_exit_code({passed, unclear, broken, mistaken}), 2);
  EXPECT_EQ(suite_exit_code({failed, unclear, broken, mistaken}), 1);
  EXPECT_EQ(suite_exit_code({}), 4);
}

TEST(Suite, TheTableSaysWhatWasExpectedAndWhatWasFound) {
  CaseResult refused = sample_case("e1000", Outcome::pass, std::nullopt);
  refused.expect = Expectation::skipped();
  refused.forwarding = Outcome::skip;
  const std::string text =
      console_suite(suite_result("hazards", {passed, ran("h08-taps", {refused}), mistaken}), "runs/x");
  EXPECT_THAT(text, testing::ContainsRegex("h36-controls +virtio +healthy +healthy +pass\n"));
  EXPECT_THAT(text, testing::ContainsRegex("h08-taps +e1000 +skip +skip +pass\n"));
  EXPECT_THAT(text, testing::ContainsRegex("h99-typo +- +- +error +error\n"));
  EXPECT_THAT(text, HasSubstr("hazards: is every case as its file expects? ERROR (2 of 3 cases)"));
  EXPECT_THAT(text, HasSubstr("offlab judge runs/x"));
}

}  // namespace
}  // namespace offlab
