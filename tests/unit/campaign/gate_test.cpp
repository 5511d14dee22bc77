// The gate: classes first, then pairs until the answer is certain.
#include "campaign/gate.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

CaseResult judged(Outcome outcome, std::optional<FaultClass> fault_class, const std::string& reason = "") {
  return {.id = "x", .outcome = outcome, .forwarding = outcome, .fault_class = fault_class, .reason = reason};
}

const CaseResult healthy = judged(Outcome::pass, FaultClass::healthy);
const CaseResult storm = judged(Outcome::fail, FaultClass::lro_orphan_storm);
const CaseResult dropping = judged(Outcome::fail, FaultClass::silent_size_drop);

class FakeGateLabs : public GateLabs {
 public:
  CaseResult baseline = healthy;
  CaseResult candidate = healthy;
  CaseResult again = healthy;
  double ratio = 1;      // candidate over baseline
  double cpu_ratio = 1;  // of the time for a gigabit
  double noise = 0.02;
  bool has_cpu = true;
  int judged_again = 0;
  std::vector<bool> order;

  std::pair<CaseResult, CaseResult> judge_both() override { return {baseline, candidate}; }
  CaseResult judge_candidate_again() override {
    ++judged_again;
    return again;
  }
  GatePair measure_pair(std::size_t number, bool baseline_first) override {
    EXPECT_EQ(number, order.size());
    order.push_back(baseline_first);
    const double swing = number % 2 == 0 ? 1 + noise : 1 - noise;
    GatePair pair{.baseline_first = baseline_first,
                  .baseline = {4e8, 3.0},
                  .candidate = {4e8 * ratio * swing, 3.0 * cpu_ratio * swing}};
    if (!has_cpu) pair.candidate.cpu_seconds_per_gbit.reset();
    return pair;
  }
};

class GateTest : public testing::Test {
 protected:
  GateReport run() {
    const GateListener listener = [&](const std::vector<GatePair>& pairs, const Comparison&) { told_ = pairs.size(); };
    return run_gate(question_, labs_, listener);
  }

  GateQuestion question_{.name = "file", .case_id = "plain", .baseline = "a=1", .candidate = "a=2"};
  FakeGateLabs labs_;
  std::size_t told_ = 0;
};

TEST_F(GateTest, TwoThatAreAlikeAreNotWorse) {
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::not_worse);
  EXPECT_EQ(report.why, "not worse by more than 10 %");
  EXPECT_EQ(labs_.order.size(), report.pairs.size());
  EXPECT_EQ(told_, report.pairs.size());
  EXPECT_LT(report.pairs.size(), 12U);
  EXPECT_EQ(labs_.order[0], true);
  EXPECT_EQ(labs_.order[1], false);
  EXPECT_EQ(labs_.judged_again, 0);
  EXPECT_EQ(exit_code(report.answer), 0);
  EXPECT_EQ(report.baseline.words, "a=1");
  EXPECT_EQ(report.case_id, "plain");
}

TEST_F(GateTest, LessGoodputIsWorse) {
  labs_.ratio = 0.8;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::worse);
  EXPECT_EQ(report.why.find("goodput -"), 0U) << report.why;
  EXPECT_EQ(exit_code(report.answer), 1);
}

TEST_F(GateTest, MoreCpuTimeIsWorse) {
  labs_.cpu_ratio = 1.4;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::worse);
  EXPECT_EQ(report.why.find("CPU time for a gigabit +4"), 0U) << report.why;
}

TEST_F(GateTest, CpuTimeThatIsNotReadIsNotCompared) {
  labs_.cpu_ratio = 1.4;
  labs_.has_cpu = false;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::not_worse);
  EXPECT_FALSE(report.cpu);
}

TEST_F(GateTest, WhatIsNearTheMarginStaysUndecidedAndTakesAllPairs) {
  labs_.ratio = 0.95;
  labs_.noise = 0.1;
  question_.limits.most_pairs = 6;
  const GateReport report = run();
  EXPECT_EQ(report.pairs.size(), 6U);
  EXPECT_EQ(report.answer, GateAnswer::undecided);
  EXPECT_EQ(report.why, "after 6 pairs it is not certain whether the candidate is worse by 10 %");
  EXPECT_EQ(exit_code(report.answer), 4);
}

TEST_F(GateTest, AFaultThatOnlyTheCandidateHasRefusesItWhenItIsSeenAgain) {
  labs_.candidate = labs_.again = storm;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::worse);
  EXPECT_EQ(report.why, "the candidate has lro-orphan-storm, in a second lab too; the baseline is healthy");
  EXPECT_TRUE(labs_.order.empty());
}

TEST_F(GateTest, AFaultThatIsNotSeenAgainIsUndecided) {
  labs_.candidate = storm;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::undecided);
  EXPECT_EQ(labs_.judged_again, 1);
  EXPECT_EQ(
      report.why,
      "the candidate had lro-orphan-storm, but in a second lab healthy: a fault that comes and goes; the baseline "
      "is healthy");
}

TEST_F(GateTest, AnotherFaultThanTheBaselinesRefusesToo) {
  labs_.baseline = dropping;
  labs_.candidate = labs_.again = storm;
  EXPECT_EQ(run().answer, GateAnswer::worse);
}

TEST_F(GateTest, ACureIsSaid) {
  labs_.baseline = storm;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::not_worse);
  EXPECT_EQ(report.why, "the baseline has lro-orphan-storm, the candidate is healthy: the change cures it");
}

TEST_F(GateTest, TheSameFaultInBothIsNoneOfTheChange) {
  labs_.baseline = labs_.candidate = storm;
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::not_worse);
  EXPECT_EQ(report.why.find("both have lro-orphan-storm"), 0U) << report.why;
  EXPECT_TRUE(report.pairs.empty());
}

TEST_F(GateTest, WithoutAVerdictThereIsNoAnswer) {
  labs_.candidate = judged(Outcome::skip, std::nullopt, "router: wan did not take lro on");
  const GateReport report = run();
  EXPECT_EQ(report.answer, GateAnswer::undecided);
  EXPECT_EQ(report.why, "the candidate could not be judged: router: wan did not take lro on");
}

}  // namespace
}  // namespace offlab
