// The verdict on a run from its folder alone: the recorded run, moved elsewhere and then damaged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "runner/run_matrix.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

class JudgeRun : public testing::Test {
 protected:
  void copy(const std::string& what) {
    fs::create_directories((temp_.path() / what).parent_path());
    fs::copy(recorded_run_path / what, temp_.path() / what, fs::copy_options::recursive);
  }
  void SetUp() override {
    for (const char* what : {"plan.json", "environment.json", "cases/01-control-lro-on"}) copy(what);
  }

  RunFolder folder() const { return RunFolder::open(temp_.path()); }
  fs::path in_healthy(const std::string& file) const { return temp_.path() / "cases/01-control-lro-on" / file; }

  // The healthy case, which the tests damage, and another that was skipped.
  RunPlan short_plan() const {
    RunPlan plan = folder().read_plan();
    plan.labs.at(0).cases.resize(2);
    folder().write_case_record(plan.labs[0].cases[1], {Recorded::skipped, "not supported"});
    return plan;
  }

  static Lines lines_of(const RunResult& run) {
    Lines lines;
    for (const CaseResult& one : run.cases)
      lines.push_back(one.id + ": " + std::string(to_string(one.outcome)) + " " +
                      (one.fault_class ? std::string(to_string(*one.fault_class)) : "-"));
    return lines;
  }

  TempFolder temp_;
};

TEST_F(JudgeRun, ACaseThatWasToBeRefusedAndWasMeasuredIsNotAsExpected) {
  RunPlan plan = short_plan();
  plan.question = Question::as_expected;
  for (CasePlan& one : plan.labs[0].cases) one.expect = Expectation::skipped();
  const RunResult run = judge_run(plan, folder());
  EXPECT_EQ(lines_of(run), (Lines{"control-lro-on: fail healthy", "hypervisor-lro: pass -"}));
  EXPECT_EQ(run.cases[0].reason, "expected skip, found healthy");
}

TEST_F(JudgeRun, FindsEveryRecordedFault) {
  for (const char* what : {"cases/02-hypervisor-lro", "cases/03-smaller-client-mtu", "cases/04-larger-upstream-mtu"})
    copy(what);
  RunPlan plan = folder().read_plan();
  RunResult run = judge_run(plan, folder());
  EXPECT_EQ(lines_of(run),
            (Lines{"control-lro-on: pass healthy", "hypervisor-lro: fail lro-orphan-storm",
                   "smaller-client-mtu: fail wrong-gso-size", "larger-upstream-mtu: fail lro-orphan-storm"}));
  EXPECT_EQ(run.outcome, Outcome::fail);
  EXPECT_EQ(run.name, "vmxnet3-router");
  EXPECT_EQ(run.host.at("qemu"), "7.2.22");
  EXPECT_EQ(run.cases[1].folder, "cases/02-hypervisor-lro");
  EXPECT_EQ(run.cases[1].artifacts.size(), 33U);
  EXPECT_EQ(run.cases[1].artifacts.front(), "cases/02-hypervisor-lro/case.json");
}

TEST_F(JudgeRun, AnswersWhetherTheFaultsAreTheExpectedOnes) {
  RunPlan plan = RunFolder::open(recorded_run_path).read_plan();
  auto& cases = plan.labs.at(0).cases;
  cases.resize(3);
  cases[2].expect = FaultClass::lro_orphan_storm;
  plan.question = Question::as_expected;
  const RunResult run = judge_run(plan, RunFolder::open(recorded_run_path));
  EXPECT_EQ(lines_of(run), (Lines{"control-lro-on: pass healthy", "hypervisor-lro: pass lro-orphan-storm",
                                  "smaller-client-mtu: fail wrong-gso-size"}));
  EXPECT_EQ(run.outcome, Outcome::fail);
}

// The healthy case with two rounds, of which the second was measured (a copy of `from`) or not.
class JudgeRounds : public JudgeRun {
 protected:
  RunPlan two_rounds() const {
    RunPlan plan = short_plan();
    auto& legs = plan.labs.at(0).cases.at(0).legs;
    LegPlan control = legs.at(0);
    LegPlan measured = legs.at(1);
    control.round = measured.round = 2;
    legs.push_back(measured);
    legs.push_back(control);
    return plan;
  }
  void record_second(const std::string& from) {
    for (const char* leg : {"case", "control"})
      fs::copy(recorded_run_path / from / leg, in_healthy(std::string(leg) + "-2"), fs::copy_options::recursive);
  }
  const Finding& throughput(const RunResult& run) const {
    for (const Finding& finding : run.cases.at(0).findings)
      if (finding.invariant == Invariant::throughput_floor) return finding;
    throw std::logic_error("throughput was not judged");
  }
};

TEST_F(JudgeRounds, AreJudgedWithoutThoseThatWereNotNeeded) {
  const RunResult once = judge_run(short_plan(), folder());
  const RunResult run = judge_run(two_rounds(), folder());
  EXPECT_EQ(run.cases[0].outcome, Outcome::pass);
  EXPECT_EQ(throughput(run), throughput(once));
}

TEST_F(JudgeRounds, TogetherNarrowTheInterval) {
  const RunResult once = judge_run(short_plan(), folder());
  record_second("cases/01-control-lro-on");
  const RunResult run = judge_run(two_rounds(), folder());
  EXPECT_EQ(run.cases[0].outcome, Outcome::pass);
  EXPECT_NEAR(*throughput(run).value, *throughput(once).value, 1e-9);
  EXPECT_LT(throughput(run).interval->high - throughput(run).interval->low,
            throughput(once).interval->high - throughput(once).interval->low);
  EXPECT_EQ(run.cases[0].findings, judge_run(two_rounds(), folder()).cases[0].findings);
}

TEST_F(JudgeRounds, AViolationInALaterRoundCounts) {
  record_second("cases/02-hypervisor-lro");
  const RunResult run = judge_run(two_rounds(), folder());
  EXPECT_EQ(run.cases[0].outcome, Outcome::fail);
  EXPECT_EQ(run.cases[0].fault_class, FaultClass::lro_orphan_storm);
}

TEST_F(JudgeRounds, MissingEvidenceInALaterRoundIsNoPass) {
  record_second("cases/01-control-lro-on");
  write_file(in_healthy("case-2/captures.json"), "[]");
  EXPECT_EQ(judge_run(two_rounds(), folder()).cases[0].outcome, Outcome::inconclusive);
  fs::remove_all(in_healthy("control-2"));
  EXPECT_EQ(judge_run(two_rounds(), folder()).cases[0].outcome, Outcome::error);
}

TEST_F(JudgeRun, ACaseThatTheRunDidNotGetToIsAnError) {
  fs::remove(in_healthy("case.json"));
  const RunResult run = judge_run(short_plan(), folder());
  EXPECT_EQ(lines_of(run), (Lines{"control-lro-on: error -", "hypervisor-lro: skip -"}));
  EXPECT_EQ(run.cases[0].reason, "the run ended inside this case");
  EXPECT_EQ(run.outcome, Outcome::error);
}

TEST_F(JudgeRun, ACutCaptureIsInconclusive) {
  fs::resize_file(in_healthy("case/router-wan.pcapng"), 20'001);
  const RunResult run = judge_run(short_plan(), folder());
  EXPECT_EQ(run.cases[0].outcome, Outcome::inconclusive);
  EXPECT_THAT(run.cases[0].reason, testing::StartsWith("stimulus-present: there is no capture to judge: "));
  EXPECT_THAT(run.cases[0].reason, testing::HasSubstr("router-wan.pcapng is cut off at byte 19988"));
}

TEST_F(JudgeRun, WithoutAListOfCapturesThereIsNone) {
  write_file(in_healthy("case/captures.json"), "[]");
  EXPECT_EQ(judge_run(short_plan(), folder()).cases[0].outcome, Outcome::inconclusive);
}

// A damaged file takes its own case, not the verdict on all others.
TEST_F(JudgeRun, ADamagedLegIsAnErrorOfItsCaseOnly) {
  write_file(in_healthy("case/samples.csv"), "damaged");
  RunResult run{};
  ASSERT_NO_THROW(run = judge_run(short_plan(), folder()));
  EXPECT_EQ(lines_of(run), (Lines{"control-lro-on: error -", "hypervisor-lro: skip -"}));
}

TEST_F(JudgeRun, AMissingCaptureFileTakesItsCaseOnly) {
  fs::remove(in_healthy("case/router-lan.pcapng"));
  RunResult run{};
  ASSERT_NO_THROW(run = judge_run(short_plan(), folder()));
  EXPECT_EQ(run.cases.at(0).outcome, Outcome::inconclusive);
  EXPECT_EQ(run.cases.at(1).outcome, Outcome::skip);
}

TEST_F(JudgeRun, AFolderWithoutAnEnvironmentThrows) {
  fs::remove(temp_.path() / "environment.json");
  EXPECT_THROW(judge_run(short_plan(), folder()), Error);
}

}  // namespace
}  // namespace offlab
