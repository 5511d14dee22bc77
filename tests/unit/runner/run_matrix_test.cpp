// Labs that break, never come up, or are interrupted: what becomes of the cases.
#include "runner/run_matrix.h"

#include <condition_variable>
#include <deque>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/fake_lab.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;
using Lists = std::vector<Lines>;
using End = FakeLabs::End;

// Labs of cases that end as `labs_` says; a skipped case needs no observations, so it is the rule.
class RunMatrix : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write_environment({{{"accel", "tcg"}}, {{"name", "debian-12"}}, {}, "2026-11-24T06:38:54Z", 12.5});
    labs_.otherwise = End::skipped;
    plan_.name = "matrix";
  }

  void add_lab(const std::string& name, const Lines& ids) {
    LabPlan lab;
    lab.name = name;
    for (const std::string& id : ids) {
      CasePlan one;
      one.id = id;
      one.folder = "cases/" + id;
      lab.cases.push_back(one);
    }
    plan_.labs.push_back(lab);
  }

  Lines run() {
    result_ = run_matrix(
        plan_, {&labs_}, folder_, policy_, [&](const CaseResult& one) { told_.push_back(one.id); }, interrupted_);
    EXPECT_EQ(labs_.alive, 0);
    EXPECT_LE(labs_.most_alive, 1);
    Lines outcomes;
    for (const CaseResult& one : result_.cases) outcomes.push_back(one.id + " " + std::string(to_string(one.outcome)));
    return outcomes;
  }

  TempFolder temp_;
  RunFolder folder_{temp_.path()};
  FakeLabs labs_;
  RunPlan plan_;
  RunPolicy policy_;
  RunResult result_{};
  Lines told_;
  bool interrupted_ = true;
};

TEST_F(RunMatrix, ALabThatHoldsGetsAllItsCases) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip", "d skip"}));
  EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c"}, {"d"}}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "b", "c", "d"}));
  EXPECT_EQ(told_, (Lines{"a", "b", "c", "d"}));
  EXPECT_FALSE(interrupted_);
  EXPECT_EQ(result_.outcome, Outcome::inconclusive);
  EXPECT_EQ(result_.cases[1].reason, "the guest has no such feature");
  EXPECT_EQ(result_.cases[1].folder, "cases/b");
  EXPECT_EQ(result_.cases[1].artifacts, Lines{"cases/b/case.json"});
}

TEST_F(RunMatrix, ASkippedCasePassesWhereTheFileExpectsThat) {
  add_lab("lab-1", {"a", "b"});
  plan_.labs[0].cases[1].expect = Expectation::skipped();
  plan_.question = Question::as_expected;
  EXPECT_EQ(run(), (Lines{"a skip", "b pass"}));
  EXPECT_EQ(result_.cases[1].forwarding, Outcome::skip);
  EXPECT_EQ(result_.cases[1].reason, "the guest has no such feature");
  plan_.question = Question::healthy;
  EXPECT_EQ(run(), (Lines{"a skip", "b skip"}));
}

TEST_F(RunMatrix, ABrokenCaseIsNoSkipThatTheFileExpects) {
  add_lab("lab-1", {"a"});
  plan_.labs[0].cases[0].expect = Expectation::skipped();
  plan_.question = Question::as_expected;
  labs_.ends = {{"a", End::breaks}};
  EXPECT_EQ(run(), (Lines{"a error"}));
}

TEST_F(RunMatrix, ALabThatBreaksTakesOneCaseAndAFreshOneGetsTheRest) {
  for (const End how : {End::breaks, End::throws}) {
    SetUp();
    labs_.started.clear();
    plan_.labs.clear();
    add_lab("lab-1", {"a", "b", "c", "d"});
    labs_.ends = {{"b", how}};
    EXPECT_EQ(run(), (Lines{"a skip", "b error", "c skip", "d skip"}));
    EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c", "d"}, {"c", "d"}}));
    EXPECT_EQ(result_.cases[1].reason, "the lab broke in b");
    EXPECT_EQ(folder_.read_case_record(plan_.labs[0].cases[1]).recorded, Recorded::broken);
    EXPECT_EQ(result_.outcome, Outcome::error);
  }
}

TEST_F(RunMatrix, AFreshLabThatBreaksIsFollowedByAnother) {
  add_lab("lab-1", {"a", "b", "c", "d"});
  labs_.ends = {{"b", End::breaks}, {"c", End::breaks}};
  EXPECT_EQ(run(), (Lines{"a skip", "b error", "c error", "d skip"}));
  EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c", "d"}, {"c", "d"}, {"d"}}));
}

TEST_F(RunMatrix, ALabThatBreaksInItsLastCaseIsNotReplaced) {
  add_lab("lab-1", {"a", "b"});
  labs_.ends = {{"b", End::breaks}};
  EXPECT_EQ(run(), (Lines{"a skip", "b error"}));
  EXPECT_EQ(labs_.started.size(), 1U);
}

TEST_F(RunMatrix, ALabThatBreaksInItsFirstCaseTakesOnlyThatOne) {
  add_lab("lab-1", {"a", "b", "c"});
  labs_.ends = {{"a", End::breaks}};
  EXPECT_EQ(run(), (Lines{"a error", "b skip", "c skip"}));
  EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c"}, {"b", "c"}}));
}

TEST_F(RunMatrix, ALabThatNeverComesUpErrorsAllItsCasesAndNoOthers) {
  for (const bool at_start : {false, true}) {
    plan_.labs.clear();
    labs_.started.clear();
    add_lab("lab-1", {"a", "b", "c"});
    add_lab("lab-2", {"d"});
    labs_.no_start = {{"lab-1", "no /dev/net/tun"}};
    labs_.fails_at_start = at_start;
    EXPECT_EQ(run(), (Lines{"a error", "b error", "c error", "d skip"}));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(result_.cases[i].reason, "no /dev/net/tun");
      const bool tried = i == 0 && !at_start;
      EXPECT_EQ(folder_.read_case_record(plan_.labs[0].cases[i]).recorded.has_value(), tried) << i;
      EXPECT_EQ(result_.cases[i].recorded.has_value(), tried) << i;
    }
    EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c"}, {"d"}})) << "another case waited for a lab that does not come up";
  }
}

TEST_F(RunMatrix, AFreshLabThatNeverComesUpErrorsWhatIsLeft) {
  add_lab("lab-1", {"a", "b", "c", "d"});
  labs_.ends = {{"b", End::breaks}};
  labs_.no_start_after = {{"lab-1", 1}};
  EXPECT_EQ(run(), (Lines{"a skip", "b error", "c error", "d error"}));
  EXPECT_EQ(labs_.started.size(), 2U);
}

// The lab is fine; what it recorded cannot be read.
TEST_F(RunMatrix, ADamagedRecordIsAnErrorOfItsCaseOnly) {
  add_lab("lab-1", {"a", "b"});
  plan_.labs[0].cases[0].legs.resize(1);  // a leg whose files nobody wrote
  labs_.ends = {{"a", End::recorded}};
  EXPECT_EQ(run(), (Lines{"a error", "b skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "b"}));
}

TEST_F(RunMatrix, WhatWasNotJudgedAtAnInterruptionWasNotTried) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  labs_.ends = {{"b", End::interrupted}};
  EXPECT_EQ(run(), (Lines{"a skip", "b error", "c error", "d error"}));
  EXPECT_TRUE(interrupted_);
  EXPECT_EQ(labs_.started.size(), 1U);
  EXPECT_EQ(labs_.performed, (Lines{"a", "b"}));
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(result_.cases[i].reason, "interrupted");
    EXPECT_FALSE(result_.cases[i].recorded) << "an interrupted case reads like a broken one";
  }
  EXPECT_EQ(result_.cases[0].recorded, Recorded::skipped);
  EXPECT_EQ(result_.outcome, Outcome::error);
}

TEST_F(RunMatrix, AnInterruptedRunIsJudgedTheSameFromItsFolder) {
  add_lab("lab-1", {"a", "b"});
  labs_.ends = {{"a", End::breaks}, {"b", End::interrupted}};
  run();
  const RunResult again = judge_run(plan_, folder_);
  ASSERT_EQ(again.cases.size(), result_.cases.size());
  for (std::size_t i = 0; i < again.cases.size(); ++i) {
    EXPECT_EQ(again.cases[i].outcome, result_.cases[i].outcome);
    EXPECT_EQ(again.cases[i].reason, result_.cases[i].reason);
    EXPECT_EQ(again.cases[i].recorded, result_.cases[i].recorded);
  }
  EXPECT_EQ(again.outcome, result_.outcome);
}

TEST_F(RunMatrix, ALabThatACaseLeftSomethingBehindInIsNotUsedAgain) {
  add_lab("lab-1", {"a", "b", "c"});
  labs_.ends = {{"b", End::wears}};
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c"}, {"c"}}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "b", "c"}));
  EXPECT_EQ(result_.cases[1].attempts, 1U);
}

// Both attempts stay.
TEST_F(RunMatrix, ACaseThatFoundItsLabWornIsTriedAgainOnceInAFreshOne) {
  add_lab("lab-1", {"a", "b", "c"});
  labs_.ends = {{"b", End::worn_before}};
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(labs_.started, (Lists{{"a", "b", "c"}, {"b", "c"}}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "b", "b", "c"}));
  EXPECT_EQ(result_.cases[1].attempts, 2U);
  EXPECT_EQ(result_.cases[1].folder, "cases/b.attempt-2");
  EXPECT_TRUE(folder_.has("cases/b/case.json"));
  EXPECT_EQ(result_.cases[2].lab, (LabAttempt{"lab-1", 2}));
}

// Each start of a lab takes 10 s, each case 20.
TEST_F(RunMatrix, ABudgetBeginsOnlyWhatItHasTimeFor) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  double now = 0;
  Budget budget{.seconds = 70, .spent = [&] { return now; }, .needed = {.lab_seconds = 10, .case_seconds = {}}};
  for (const char* id : {"a", "c", "d"}) budget.needed.case_seconds[id] = 20;
  budget.needed.case_seconds["b"] = 60;
  policy_.budget = budget;
  labs_.on_start = [&] { now += 10; };
  labs_.on_case = [&] { now += 20; };
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip", "d skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "c"}));
  EXPECT_EQ(labs_.started.size(), 1U);  // for d there is no time to start its lab: 50 + 10 + 20 s
  EXPECT_EQ(result_.cases[1].recorded, Recorded::left_out);
  EXPECT_EQ(result_.cases[1].reason, "the 70 s of the run were too short for it");
  EXPECT_EQ(result_.cases[3].recorded, Recorded::left_out);
  EXPECT_EQ(result_.cases[2].recorded, Recorded::skipped);
  const RunResult again = judge_run(plan_, folder_);
  EXPECT_EQ(again.cases[1].recorded, Recorded::left_out);
  EXPECT_EQ(again.cases[1].outcome, Outcome::skip);
}

TEST_F(RunMatrix, ACaseThatWasLeftOutIsNoSkipThatTheFileExpects) {
  add_lab("lab-1", {"a"});
  plan_.labs[0].cases[0].expect = Expectation::skipped();
  plan_.question = Question::as_expected;
  policy_.budget = Budget{1, [] { return 0.0; }, {5, {{"a", 5}}}};
  EXPECT_EQ(run(), Lines{"a skip"});
  EXPECT_EQ(result_.outcome, Outcome::inconclusive);
}

TEST_F(RunMatrix, EachLabIsCountedAsAnAttempt) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  labs_.ends = {{"a", End::breaks}, {"b", End::breaks}};
  run();
  EXPECT_EQ(labs_.attempts, (Lines{"lab-1 1", "lab-1 2", "lab-1 3", "lab-2 1"}));
  EXPECT_EQ(result_.cases[2].lab, (LabAttempt{"lab-1", 3}));
  EXPECT_EQ(judge_run(plan_, folder_).cases[2].lab, (LabAttempt{"lab-1", 3}));
}

TEST_F(RunMatrix, ARetryLeavesTheFirstAttemptWhereItIs) {
  add_lab("lab-1", {"a", "b"});
  policy_.retries = 2;
  labs_.breaks_before = {{"a", 2}};
  labs_.record = [&](const CasePlan& one) { folder_.write_text(one.folder + "/seen.txt", one.folder); };
  EXPECT_EQ(run(), (Lines{"a skip", "b skip"}));
  EXPECT_EQ(labs_.attempts, (Lines{"lab-1 1", "lab-1 2", "lab-1 3"}));
  EXPECT_EQ(result_.cases[0].attempts, 3U);
  EXPECT_EQ(result_.cases[0].folder, "cases/a.attempt-3");
  EXPECT_EQ(folder_.read_text("cases/a/seen.txt"), "cases/a");
  EXPECT_EQ(folder_.read_text("cases/a.attempt-2/seen.txt"), "cases/a.attempt-2");
  EXPECT_EQ(folder_.read_case_record(plan_.labs[0].cases[0]).recorded, Recorded::broken);
  EXPECT_EQ(result_.cases[0].artifacts,
            (Lines{"cases/a.attempt-2/case.json", "cases/a.attempt-2/seen.txt", "cases/a.attempt-3/case.json",
                   "cases/a/case.json", "cases/a/seen.txt"}));
  const RunResult again = judge_run(plan_, folder_);
  EXPECT_EQ(again.cases[0].outcome, Outcome::skip);
  EXPECT_EQ(again.cases[0].attempts, 3U);
}

TEST_F(RunMatrix, RetriesEnd) {
  add_lab("lab-1", {"a", "b"});
  policy_.retries = 1;
  labs_.ends = {{"a", End::breaks}};
  EXPECT_EQ(run(), (Lines{"a error", "b skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "a", "b"}));
  EXPECT_EQ(result_.cases[0].recorded, Recorded::broken);
  EXPECT_EQ(result_.cases[0].attempts, 2U);
}

TEST_F(RunMatrix, ALabThatNeverComesUpIsNotTriedAgain) {
  add_lab("lab-1", {"a"});
  policy_.retries = 3;
  labs_.no_start = {{"lab-1", "no /dev/net/tun"}};
  EXPECT_EQ(run(), (Lines{"a error"}));
  EXPECT_EQ(labs_.started.size(), 1U);
}

TEST_F(RunMatrix, TellsWhatEachLabRanOn) {
  add_lab("lab-1", {"a", "b"});
  labs_.ends = {{"a", End::breaks}};
  folder_.write_lab_environment({"lab-1", 1}, {{{"kernel", "6.1"}}, {}, {}, "", 0});
  folder_.write_lab_environment({"lab-1", 2}, {{{"kernel", "6.12"}}, {}, {}, "", 0});
  run();
  ASSERT_EQ(result_.labs.size(), 2U);
  EXPECT_EQ(result_.labs[0].host.at("kernel"), "6.1");
  EXPECT_EQ(result_.labs[1].lab, (LabAttempt{"lab-1", 2}));
  EXPECT_EQ(result_.labs[1].host.at("kernel"), "6.12");
}

TEST_F(RunMatrix, SumsUpTheRun) {
  add_lab("lab-1", {"a"});
  plan_.summary = "in one line";
  plan_.question = Question::as_expected;
  run();
  EXPECT_EQ(result_.name, "matrix");
  EXPECT_EQ(result_.summary, "in one line");
  EXPECT_EQ(result_.question, Question::as_expected);
  EXPECT_EQ(result_.host.at("accel"), "tcg");
  EXPECT_EQ(result_.image.at("name"), "debian-12");
  EXPECT_EQ(result_.started, "2026-11-24T06:38:54Z");
  EXPECT_EQ(result_.seconds, 12.5);
}

TEST_F(RunMatrix, NoCasesAreNoPass) {
  EXPECT_EQ(run(), Lines{});
  EXPECT_EQ(result_.outcome, Outcome::inconclusive);
}

TEST_F(RunMatrix, TheFirstSuchOutcomeEndsTheRun) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  labs_.ends = {{"b", End::breaks}};
  policy_.until = Outcome::error;
  EXPECT_EQ(run(), (Lines{"a skip", "b error", "c skip", "d skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"a", "b"}));
  EXPECT_TRUE(labs_.begun.empty());
  EXPECT_EQ(labs_.attempts, Lines{"lab-1 1"});
  EXPECT_EQ(result_.cases[3].recorded, Recorded::left_out);
  EXPECT_EQ(result_.cases[3].reason, "the run ended with b");
}

// A process that was killed in case `id`: what it left there are files, and no end.
class Resumed : public RunMatrix {
 protected:
  void killed_in(const std::string& id, const std::string& folder) {
    labs_.ends = {{id, End::interrupted}};
    run();
    std::filesystem::remove(temp_.path() / folder / "case.json");
    folder_.write_text(folder + "/control/iperf3.json", "half");
    folder_.make_folder("labs/lab-1");
    policy_.resume = true;
    labs_ = FakeLabs();
    labs_.otherwise = End::skipped;
    labs_.record = [&](const CasePlan& one) { folder_.write_text(one.folder + "/control/iperf3.json", "whole"); };
    told_.clear();
  }
};

TEST_F(Resumed, WhatHasEndedIsJudgedAndTheRestIsRun) {
  add_lab("lab-1", {"a", "b", "c"});
  killed_in("b", "cases/b");
  EXPECT_EQ(unfinished_cases(plan_, folder_, 0), (Lines{"b", "c"}));
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"b", "c"}));
  EXPECT_EQ(labs_.attempts, Lines{"lab-1 2"});
  EXPECT_EQ(told_, (Lines{"a", "b", "c"}));
  EXPECT_EQ(result_.cases[0].attempts, 1U);
  EXPECT_EQ(result_.cases[1].attempts, 2U);
  EXPECT_EQ(result_.cases[1].folder, "cases/b.attempt-2");
  EXPECT_EQ(result_.cases[2].attempts, 1U);
  EXPECT_EQ(folder_.read_text("cases/b/control/iperf3.json"), "half");
  EXPECT_TRUE(unfinished_cases(plan_, folder_, 0).empty());
}

TEST_F(Resumed, ACaseThatWasBegunAheadGetsAFurtherAttemptToo) {
  add_lab("lab-1", {"a", "b", "c"});
  killed_in("b", "cases/b");
  folder_.write_text("cases/c/control/iperf3.json", "half");
  std::filesystem::remove(temp_.path() / "cases/c/case.json");
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(result_.cases[2].folder, "cases/c.attempt-2");
}

TEST_F(Resumed, OnceMore) {
  add_lab("lab-1", {"a", "b"});
  killed_in("b", "cases/b");
  killed_in("b", "cases/b.attempt-2");
  EXPECT_EQ(run(), (Lines{"a skip", "b skip"}));
  EXPECT_EQ(result_.cases[1].attempts, 3U);
}

TEST_F(Resumed, ALabWhoseCasesAreDoneIsNotStarted) {
  add_lab("lab-1", {"a"});
  add_lab("lab-2", {"b"});
  killed_in("b", "cases/b");
  EXPECT_EQ(run(), (Lines{"a skip", "b skip"}));
  EXPECT_EQ(labs_.attempts, Lines{"lab-2 1"});
}

TEST_F(Resumed, WhatWasInterruptedOrLeftOutIsRunInItsPlace) {
  add_lab("lab-1", {"a", "b", "c"});
  labs_.ends = {{"b", End::interrupted}};
  run();
  folder_.write_case_record(plan_.labs[0].cases[2], {Recorded::left_out, "no time"});
  policy_.resume = true;
  labs_.ends.clear();
  labs_.performed.clear();
  EXPECT_EQ(run(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(labs_.performed, (Lines{"b", "c"}));
  EXPECT_EQ(result_.cases[1].folder, "cases/b");
  EXPECT_EQ(result_.cases[2].folder, "cases/c");
}

TEST_F(Resumed, AnInterruptLeavesWhatHadEnded) {
  add_lab("lab-1", {"a"});
  add_lab("lab-2", {"b"});
  labs_.ends = {{"a", End::interrupted}};
  run();
  folder_.write_case_record(plan_.labs[1].cases[0], {Recorded::skipped, "the guest has no such feature"});
  policy_.resume = true;
  EXPECT_EQ(run(), (Lines{"a error", "b skip"}));
  EXPECT_TRUE(interrupted_);
  EXPECT_EQ(unfinished_cases(plan_, folder_, 0), Lines{"a"});
}

TEST_F(Resumed, ADamagedRecordIsNone) {
  add_lab("lab-1", {"a"});
  folder_.write_text("cases/a/case.json", "{half");
  policy_.resume = true;
  EXPECT_EQ(run(), Lines{"a skip"});
}

TEST_F(Resumed, WhatBrokeStaysUnlessThereAreRetries) {
  add_lab("lab-1", {"a", "b"});
  labs_.ends = {{"a", End::breaks}};
  run();
  policy_.resume = true;
  EXPECT_TRUE(unfinished_cases(plan_, folder_, 0).empty());
  EXPECT_EQ(unfinished_cases(plan_, folder_, 1), Lines{"a"});
}

TEST_F(Resumed, ACaseThatFoundAWornLabIsNotTakenAsItWas) {
  add_lab("lab-1", {"a", "b"});
  labs_.ends = {{"b", End::worn_before}};
  run();
  EXPECT_EQ(folder_.read_case_record(plan_.labs[0].cases[1]).recorded, Recorded::broken);
  EXPECT_EQ(result_.cases[1].outcome, Outcome::skip);
}

TEST_F(RunMatrix, WhatALabRecordsIsJudgedAtOnce) {
  plan_.labs.resize(1);
  plan_.labs[0].name = "lab-1";
  plan_.labs[0].cases = {recorded_case("hypervisor-lro")};
  plan_.measure = recorded_plan().measure;
  labs_.otherwise = End::recorded;
  labs_.record = [&](const CasePlan& one) {
    std::filesystem::copy(recorded_run_path / one.folder, folder_.make_folder(one.folder),
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::overwrite_existing);
  };
  EXPECT_EQ(run(), Lines{"hypervisor-lro fail"});
  EXPECT_EQ(result_.cases[0].fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(result_.cases[0].artifacts.size(), 33U);
}

// Several places, each with labs of its own.
class Places : public RunMatrix {
 protected:
  void SetUp() override {
    RunMatrix::SetUp();
    places_.resize(2);
    for (FakeLabs& place : places_) place.otherwise = End::skipped;
  }

  Lines run_at_places() {
    std::vector<LabStarter*> starters;
    for (FakeLabs& place : places_) starters.push_back(&place);
    result_ = run_matrix(
        plan_, starters, folder_, policy_, [&](const CaseResult& one) { told_.push_back(one.id); }, interrupted_);
    Lines outcomes;
    for (const CaseResult& one : result_.cases) outcomes.push_back(one.id + " " + std::string(to_string(one.outcome)));
    return outcomes;
  }

  std::deque<FakeLabs> places_;
};

// Lets nobody pass before so many are there.
class Meeting {
 public:
  explicit Meeting(int expected) : expected_(expected) {}
  void wait() {
    std::unique_lock lock(mutex_);
    ++there_;
    change_.notify_all();
    change_.wait(lock, [&] { return there_ >= expected_; });  // who comes later passes at once
  }

 private:
  std::mutex mutex_;
  std::condition_variable change_;
  int expected_;
  int there_ = 0;
};

TEST_F(Places, LabsAreUpAtTheSameTimeAndResultsKeepTheirOrder) {
  add_lab("lab-1", {"a", "b"});
  add_lab("lab-2", {"c", "d"});
  Meeting both(2);
  for (FakeLabs& place : places_) place.on_start = [&] { both.wait(); };
  EXPECT_EQ(run_at_places(), (Lines{"a skip", "b skip", "c skip", "d skip"}));
  EXPECT_EQ(places_[0].started.size() + places_[1].started.size(), 2U);
  EXPECT_EQ(told_.size(), 4U);
}

TEST_F(Places, APlaceThatIsLostGivesBackWhatHasNoResult) {
  add_lab("lab-1", {"a", "b", "c"});
  add_lab("lab-2", {"d"});
  Meeting both(2);
  for (FakeLabs& place : places_) place.on_start = [&] { both.wait(); };
  for (FakeLabs& place : places_)
    place.on_case = [&place] {
      if (!place.performed.empty() && place.performed.back() == "a") throw PlaceLost("host h1 does not answer");
    };
  EXPECT_EQ(run_at_places(), (Lines{"a skip", "b skip", "c skip", "d skip"}));
  EXPECT_FALSE(interrupted_);
  EXPECT_EQ(told_.size(), 4U);
  Lines performed = places_[0].performed;
  performed.insert(performed.end(), places_[1].performed.begin(), places_[1].performed.end());
  std::sort(performed.begin(), performed.end());
  EXPECT_EQ(performed, (Lines{"a", "b", "c", "d"}));
  Lines attempts = places_[0].attempts;
  attempts.insert(attempts.end(), places_[1].attempts.begin(), places_[1].attempts.end());
  EXPECT_THAT(attempts, testing::Contains("lab-1 1"));
}

TEST_F(Places, TheAttemptAtALostPlaceStaysBesideTheNext) {
  add_lab("lab-1", {"a"});
  places_.pop_back();
  places_.emplace_back().otherwise = End::skipped;
  bool lost = false;
  for (FakeLabs& place : places_) {
    place.on_start = [&] { folder_.make_folder(lost ? "labs/lab-1.attempt-2" : "labs/lab-1"); };
    place.on_case = [&] {
      if (lost) return;
      lost = true;
      folder_.write_text("cases/a/leg-1/before.json", "{}");
      throw PlaceLost("host h1 does not answer");
    };
  }
  EXPECT_EQ(run_at_places(), Lines{"a skip"});
  const CasePlan first = plan_.labs[0].cases[0];
  EXPECT_EQ(folder_.attempts(first), 2U);
  EXPECT_EQ(folder_.read_case_record(first).reason, "host h1 does not answer");
  EXPECT_EQ(folder_.read_case_record(first).recorded, std::nullopt);
  EXPECT_EQ(folder_.read_case_record(attempt_of(first, 2)).recorded, Recorded::skipped);
}

TEST_F(Places, WithNoPlaceLeftTheCasesSayWhy) {
  add_lab("lab-1", {"a"});
  add_lab("lab-2", {"b"});
  for (FakeLabs& place : places_) place.on_start = [] { throw PlaceLost("host h1 does not answer"); };
  EXPECT_EQ(run_at_places(), (Lines{"a error", "b error"}));
  EXPECT_EQ(result_.cases[1].reason, "no host is left to run it: host h1 does not answer");
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(Places, AnInterruptOfOneEndsAll) {
  add_lab("lab-1", {"a"});
  add_lab("lab-2", {"b", "c"});
  add_lab("lab-3", {"d"});
  for (FakeLabs& place : places_) place.otherwise = End::interrupted;
  EXPECT_EQ(run_at_places(), (Lines{"a error", "b error", "c error", "d error"}));
  EXPECT_TRUE(interrupted_);
  EXPECT_EQ(result_.cases[3].reason, "interrupted");
}

TEST_F(Places, ADiskThatIsFullEndsTheRun) {
  add_lab("lab-1", {"a"});
  add_lab("lab-2", {"b"});
  for (FakeLabs& place : places_) place.on_case = [] { throw std::runtime_error("no space left"); };
  EXPECT_THROW(run_at_places(), std::runtime_error);
}

TEST_F(Places, TheFirstFailEndsTheOthersToo) {
  add_lab("lab-1", {"a", "b"});
  add_lab("lab-2", {"c", "d"});
  policy_.until = Outcome::skip;
  Meeting both(2);
  for (FakeLabs& place : places_) place.on_start = [&] { both.wait(); };
  run_at_places();
  EXPECT_EQ(folder_.read_case_record(plan_.labs[0].cases[1]).recorded, Recorded::left_out);
  EXPECT_EQ(folder_.read_case_record(plan_.labs[1].cases[1]).recorded, Recorded::left_out);
}

}  // namespace
}  // namespace offlab
