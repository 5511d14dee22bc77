#include "campaign/night.h"

#include <cmath>
#include <functional>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "history/sqlite_history.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* image = "27a0882d";

CaseResult passes(const std::string& id, double share = 0.9) {
  CaseResult result{
      .id = id, .outcome = Outcome::pass, .forwarding = Outcome::pass, .fault_class = FaultClass::healthy};
  result.recorded = Recorded::recorded;
  result.measured.emplace().goodput_bps = share * 1e9;
  result.control.emplace().goodput_bps = 1e9;
  return result;
}

CaseResult fails(const std::string& id, FaultClass fault_class = FaultClass::lro_orphan_storm) {
  CaseResult result = passes(id, 0.01);
  result.outcome = result.forwarding = Outcome::fail;
  result.fault_class = fault_class;
  return result;
}

class FakeNightLabs : public NightLabs {
 public:
  std::function<CaseResult(const std::string& id)> tonight = [](const std::string& id) { return passes(id); };
  std::function<CaseResult(const LastGood&)> repeated = [](const LastGood&) -> CaseResult {
    throw Error("nothing was expected");
  };
  std::string offlab = "0.2.0";
  std::string image_now = image;
  std::string kernel = "6.1.0";
  std::string forgets_host_of;
  double spent = 0;
  double seconds_a_part = 10;
  bool interrupt = false;
  std::vector<std::string> begun;
  std::vector<std::string> repeats;
  std::set<std::string> repeated_on;
  std::map<std::string, std::string> host_of_case;  // of each case; empty: all labs are here

  PartRun run(const NightPart& part, std::optional<double> seconds, const std::vector<HistoryRow>&) override {
    begun.push_back(part.name);
    if (part.name == "broken") return {.trouble = "the file is gone"};
    PartRun result{.run = RunResult{.outcome = Outcome::pass, .name = part.name},
                   .folder = "/night/parts/" + part.name};
    if (part.name != forgets_host_of)
      result.run->host = {{"accel", "tcg"}, {"qemu", "7.2.22"}, {"kernel", kernel}, {"offlab", offlab}};
    result.run->image = {{"digest", image_now}, {"name", "debian-12"}};
    for (const NightCase& one : part.cases) {
      CaseResult made = tonight(one.id);
      if (seconds && *seconds <= 0) {
        made = {.id = one.id, .outcome = Outcome::skip, .forwarding = Outcome::skip};
        made.recorded = Recorded::left_out;
      }
      if (const auto host = host_of_case.find(one.id); host != host_of_case.end())
        add_lab(*result.run, host->second, made);
      result.run->cases.push_back(std::move(made));
    }
    spent += seconds_a_part;
    result.interrupted = interrupt;
    return result;
  }
  std::vector<CaseResult> again(const CaseToRepeat& repeat, unsigned times, const std::string& name) override {
    repeats.push_back(name);
    repeated_on.insert(repeat.host);
    return std::vector<CaseResult>(times, repeated({}));
  }
  CaseResult again_with(const CaseToRepeat& repeat, const LastGood& inputs, const std::string& name) override {
    repeats.push_back(name);
    repeated_on.insert(repeat.host);
    return repeated(inputs);
  }
  double spent_seconds() const override { return spent; }

 private:
  void add_lab(RunResult& run, const std::string& host, CaseResult& of) const {
    run.host["hosts"] = "h1 h2";
    if (host.empty()) return;  // no lab came up
    of.lab = {"lab-of-" + of.id, 1};
    run.labs.push_back({of.lab, {{"host", host}, {"accel", "kvm"}, {"qemu", "8.2"}, {"kernel", "6.12"}}, {}});
  }
};

class Silent : public NightListener {
 public:
  void on_part(const std::string&, std::size_t, std::size_t) override {}
  void on_step(const std::string&) override {}
};

class Nights : public testing::Test {
 protected:
  std::unique_ptr<RunHistory> history = open_history(":memory:");
  FakeNightLabs labs;
  Silent listener;
  NightQuestion question{.night = {},
                         .host = "lab-1",
                         .today = "2026-11-29",
                         .parts = {{"routers", "file-1", {{"one", false}, {"two", false}}}}};
  unsigned number = 0;

  NightReport night() {
    const std::string id = "night-" + std::to_string(100 + ++number);
    question.night = {.id = id, .campaign = "lab", .started = id, .finished = "", .folder = "/night"};
    labs.spent = 0;
    return run_night(question, labs, *history, listener);
  }
  void good_nights(unsigned count) {
    for (unsigned i = 0; i < count; ++i) night();
  }
  void fail_from_now(const std::string& id) {
    labs.tonight = [id](const std::string& asked) { return asked == id ? fails(id) : passes(asked); };
  }
};

TEST_F(Nights, EachCaseIsInTheHistoryOnce) {
  night();
  const auto rows = history->rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].host, (HistoryHost{"lab-1", "tcg", "7.2.22", "6.1.0"}));
  EXPECT_EQ(rows[0].image, image);
  EXPECT_EQ(rows[0].offlab, "0.2.0");
  EXPECT_EQ(rows[0].folder, "/night/parts/routers/");
}

TEST_F(Nights, AttemptsStandSideBySide) {
  labs.tonight = [](const std::string& id) {
    CaseResult result = passes(id);
    result.attempts = 3;
    return result;
  };
  night();
  const auto rows = history->rows();
  ASSERT_EQ(rows.size(), 6U);
  EXPECT_EQ(rows[0].recorded, "broken");
  EXPECT_FALSE(rows[1].last);
  EXPECT_EQ(rows[2].attempt, 3U);
  EXPECT_TRUE(rows[2].last);
  EXPECT_EQ(rows[2].outcome, Outcome::pass);
}

TEST_F(Nights, ANightThatGoesOnReplacesItsRows) {
  labs.interrupt = true;
  EXPECT_TRUE(night().interrupted);
  labs.interrupt = false;
  --number;
  EXPECT_FALSE(night().interrupted);
  EXPECT_EQ(history->rows().size(), 2U);
  EXPECT_EQ(history->nights().size(), 1U);
}

TEST_F(Nights, ACaseCountsAfterThreePassesInARow) {
  fail_from_now("one");
  NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  EXPECT_EQ(report.cases[0].standing, Standing::unproven);
  labs.tonight = [](const std::string& id) { return passes(id); };
  good_nights(3);
  labs.repeated = [](const LastGood&) { return fails("again-1"); };
  fail_from_now("one");
  report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_EQ(report.cases[0].standing, Standing::gates);
  EXPECT_TRUE(report.cases[0].fresh);
  // Another file, another three nights.
  question.parts[0].file_digest = "file-2";
  EXPECT_EQ(night().cases[0].standing, Standing::unproven);
}

TEST_F(Nights, AnExperimentalCaseFailsNoNight) {
  question.parts[0].cases[0].experimental = true;
  good_nights(3);
  fail_from_now("one");
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  EXPECT_EQ(report.cases[0].standing, Standing::experimental);
  EXPECT_THAT(labs.repeats, IsEmpty());
}

TEST_F(Nights, AFreshFailureIsRepeatedWithWhatWasGood) {
  good_nights(3);
  labs.offlab = "0.3.0";
  labs.image_now = "new";
  std::vector<LastGood> asked;
  labs.repeated = [&](const LastGood& inputs) {
    asked.push_back(inputs);
    return inputs.image == image ? passes("again-1") : fails("again-1");
  };
  fail_from_now("one");
  const NightReport report = night();
  EXPECT_THAT(labs.repeats, ElementsAre("repeats/01-again", "repeats/01-last-good-image", "repeats/01-last-good-offlab",
                                        "repeats/01-last-good-both"));
  EXPECT_THAT(asked, ElementsAre(LastGood{}, LastGood{image, ""}, LastGood{"new", "0.2.0"}, LastGood{image, "0.2.0"}));
  EXPECT_THAT(report.cases[0].cause, StartsWith("product:"));
  EXPECT_FALSE(report.cases[1].repeats);
}

TEST_F(Nights, AFailureThatStaysIsNotRepeatedAgain) {
  good_nights(3);
  labs.repeated = [](const LastGood&) { return fails("again-1"); };
  fail_from_now("one");
  EXPECT_THAT(night().cases[0].cause, StartsWith("environment:"));
  labs.repeats.clear();
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_FALSE(report.cases[0].fresh);
  EXPECT_THAT(labs.repeats, IsEmpty());
}

TEST_F(Nights, WhatThereIsNoTimeForIsListed) {
  question.parts.push_back({"more", "file-3", {{"three", false}}});
  good_nights(3);
  question.deadline_seconds = 5;
  fail_from_now("one");
  const NightReport report = night();
  ASSERT_EQ(report.cases.size(), 3U);
  EXPECT_EQ(report.cases[2].result.recorded, Recorded::left_out);
  EXPECT_EQ(report.cases[0].cause, "the night was too short to repeat it");
  EXPECT_EQ(history->rows().back().recorded, "left-out");
}

TEST_F(Nights, APartThatWasNotReachedLeavesTheHostAsItIs) {
  question.parts.push_back({"more", "file-3", {{"three", false}}});
  labs.forgets_host_of = "more";
  good_nights(3);
  const NightReport report = night();
  EXPECT_EQ(report.host.qemu, "7.2.22");
  EXPECT_EQ(history->rows().back().host.qemu, "7.2.22");
  EXPECT_EQ(report.cases[2].standing, Standing::gates);
}

TEST_F(Nights, ANightInWhichNothingWasRunSaysNothing) {
  good_nights(3);
  question.deadline_seconds = 0;
  EXPECT_EQ(night().outcome, Outcome::inconclusive);
}

TEST_F(Nights, AnotherKernelOfTheHostDoesNotMakeACaseNew) {
  good_nights(3);
  labs.kernel = "6.12";
  labs.repeated = [](const LastGood&) { return fails("again-1"); };
  fail_from_now("one");
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_TRUE(report.cases[0].fresh);
}

TEST_F(Nights, ACaseIsOfTheHostThatItsLabWasOn) {
  labs.host_of_case = {{"one", "h1"}, {"two", "h2"}};
  night();
  const auto rows = history->rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].host, (HistoryHost{"h1", "kvm", "8.2", "6.12"}));
  EXPECT_EQ(rows[1].host.name, "h2");
}

TEST_F(Nights, AFailureIsRepeatedOnTheHostWhereItWasSeen) {
  labs.host_of_case = {{"one", "h1"}, {"two", "h2"}};
  good_nights(3);
  fail_from_now("two");
  labs.repeated = [](const LastGood&) { return fails("again-1"); };
  const NightReport report = night();
  EXPECT_EQ(report.cases[1].host.name, "h2");
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_EQ(labs.repeated_on, std::set<std::string>{"h2"});
}

TEST_F(Nights, ACaseThatMovesToAnotherHostIsNotProvenThere) {
  labs.host_of_case = {{"one", "h1"}, {"two", "h2"}};
  good_nights(3);
  labs.host_of_case["two"] = "h1";
  fail_from_now("two");
  const NightReport report = night();
  EXPECT_EQ(report.cases[1].standing, Standing::unproven);
  EXPECT_FALSE(report.cases[1].fresh);
}

TEST_F(Nights, ACaseWithoutALabIsOfTheHostOfTheLastNight) {
  labs.host_of_case = {{"one", "h1"}, {"two", "h2"}};
  good_nights(3);
  labs.host_of_case["two"] = "";
  labs.tonight = [](const std::string& id) {
    CaseResult result = passes(id);
    if (id != "two") return result;
    result.outcome = result.forwarding = Outcome::error;
    result.fault_class.reset();
    result.recorded = Recorded::broken;
    return result;
  };
  const NightReport report = night();
  EXPECT_EQ(report.cases[1].host.name, "h2");
  EXPECT_EQ(report.cases[1].standing, Standing::gates);
  EXPECT_EQ(report.outcome, Outcome::error);
}

TEST_F(Nights, APartThatCannotBeRunIsAnErrorAndTheOthersRun) {
  question.parts.insert(question.parts.begin(), {"broken", "", {}});
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::error);
  EXPECT_EQ(report.parts[0].trouble, "the file is gone");
  EXPECT_THAT(labs.begun, ElementsAre("broken", "routers"));
}

class Quarantine : public Nights {
 protected:
  Quarantine() {
    question.quarantine = {{.part = "routers",
                            .case_id = "one",
                            .fault_class = FaultClass::lro_orphan_storm,
                            .reason = "comes and goes",
                            .owner = "alice",
                            .link = "ticket 7",
                            .expires = "2026-12-10"}};
    good_nights(3);
    labs.repeated = [](const LastGood&) { return passes("again-1"); };
    fail_from_now("one");
  }
};

TEST_F(Quarantine, ItsClassFailsNoNight) {
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  EXPECT_EQ(report.cases[0].standing, Standing::quarantined);
  EXPECT_THAT(report.cases[0].note, HasSubstr("alice"));
}

TEST_F(Quarantine, AnotherClassDoes) {
  labs.tonight = [](const std::string& id) {
    return id == "one" ? fails(id, FaultClass::silent_refragmentation) : passes(id);
  };
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_THAT(report.cases[0].note, HasSubstr("does not excuse another class"));
}

TEST_F(Quarantine, ItEndsOnItsDay) {
  question.today = "2026-12-10";
  EXPECT_EQ(night().outcome, Outcome::pass);
  question.today = "2026-12-11";
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_THAT(report.cases[0].note, HasSubstr("expired"));
}

TEST_F(Quarantine, ItIsOverAfterFiftyNinePasses) {
  labs.tonight = [](const std::string& id) { return passes(id); };
  good_nights(56);
  EXPECT_EQ(night().cases[0].standing, Standing::gates);
}

TEST_F(Quarantine, EntriesThatLastTooLongOrAreTooMany) {
  question.quarantine[0].expires = "2026-12-30";
  question.quarantine.push_back(question.quarantine[0]);
  question.quarantine[1].case_id = "nobody";
  question.quarantine[1].expires = "2026-12-01";
  const NightReport report = night();
  EXPECT_THAT(report.notes, ElementsAre(HasSubstr("more than 30 days"), HasSubstr("2 cases are in quarantine"),
                                        HasSubstr("no case 'nobody'")));
}

// A night whose case has so much of its control's goodput.
class Levels : public Nights {
 protected:
  void level(double share) {
    labs.tonight = [this, share](const std::string& id) {
      wave = -wave;
      return passes(id, id == "one" ? share * (1 + wave) : 0.9 * (1 + wave));
    };
    labs.repeated = [this, share](const LastGood&) {
      wave = -wave;
      return passes("again-1", share * (1 + wave * 0.7));
    };
  }
  double wave = 0.003;
};

TEST_F(Levels, ADropIsMeasuredAgainAndFailsTheNightsUntilSomebodyKnows) {
  level(0.9);
  good_nights(20);
  level(0.8);
  EXPECT_EQ(night().outcome, Outcome::pass);
  EXPECT_EQ(night().outcome, Outcome::pass);
  NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  ASSERT_EQ(report.alarms.size(), 1U);
  EXPECT_EQ(report.alarms[0].case_id, "one");
  EXPECT_EQ(report.alarms[0].since, "night-121");
  EXPECT_EQ(report.alarms[0].answer, "worse");
  EXPECT_NEAR(std::expm1(report.alarms[0].change), -0.11, 0.01);
  // It is not measured once more.
  const std::size_t measured = labs.repeats.size();
  EXPECT_EQ(night().outcome, Outcome::fail);
  EXPECT_EQ(labs.repeats.size(), measured);
  history->add(Acknowledgement{"routers", "one", "night-121", "a slower cable", ""});
  report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  EXPECT_THAT(report.alarms, IsEmpty());
}

TEST_F(Levels, ADropThatIsNotThereWhenItIsMeasuredAgainFailsNoNight) {
  level(0.9);
  good_nights(20);
  level(0.8);
  labs.repeated = [this](const LastGood&) {
    wave = -wave;
    return passes("again-1", 0.9 * (1 + wave));
  };
  good_nights(2);
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  EXPECT_THAT(report.alarms, IsEmpty());
  ASSERT_EQ(history->alarms().size(), 1U);
  EXPECT_EQ(history->alarms()[0].answer, "not-worse");
}

TEST_F(Levels, AGainIsToldOnce) {
  level(0.8);
  good_nights(20);
  level(0.9);
  good_nights(2);
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::pass);
  ASSERT_EQ(report.alarms.size(), 1U);
  EXPECT_GT(report.alarms[0].change, 0);
  EXPECT_THAT(labs.repeats, IsEmpty());
  EXPECT_THAT(night().alarms, IsEmpty());
}

TEST_F(Levels, AFallAfterARiseIsOneToo) {
  level(0.75);
  good_nights(20);
  level(0.9);
  good_nights(20);
  level(0.75);
  good_nights(2);
  EXPECT_EQ(night().outcome, Outcome::fail);
}

TEST_F(Levels, WhatIsKnownOfASmallChangeDoesNotCoverALargeOne) {
  level(0.9);
  good_nights(20);
  level(0.85);
  good_nights(3);
  history->add(Acknowledgement{"routers", "one", history->alarms().at(0).since, "a slower cable", ""});
  EXPECT_EQ(night().outcome, Outcome::pass);
  level(0.5);
  good_nights(2);
  const NightReport report = night();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_LT(report.alarms.at(0).change, -0.3);
}

TEST_F(Levels, AnotherHostIsAnotherSeries) {
  level(0.9);
  good_nights(20);
  question.host = "lab-2";
  level(0.7);
  good_nights(3);
  EXPECT_THAT(history->alarms(), IsEmpty());
}

Repeat failing() {
  return {.fails = true};
}
Repeat passing() {
  return {.fails = false};
}
Repeat the_same() {
  return {.why_not = "it is the same as tonight"};
}

TEST(CauseOf, OneSentence) {
  EXPECT_THAT(cause_of({passing(), {}, {}, {}}), StartsWith("sporadic:"));
  EXPECT_THAT(cause_of({failing(), passing(), failing(), passing()}), StartsWith("product:"));
  EXPECT_THAT(cause_of({failing(), failing(), passing(), passing()}), StartsWith("test:"));
  EXPECT_THAT(cause_of({failing(), failing(), failing(), passing()}), StartsWith("product and test:"));
  EXPECT_THAT(cause_of({failing(), failing(), failing(), failing()}), StartsWith("environment:"));
  EXPECT_THAT(cause_of({failing(), failing(), the_same(), the_same()}), StartsWith("environment:"));
  EXPECT_THAT(cause_of({failing(), the_same(), the_same(), the_same()}), StartsWith("environment:"));
  EXPECT_THAT(cause_of({failing(), {.why_not = "it is not kept"}, the_same(), {.why_not = "it is not kept"}}),
              StartsWith("not known:"));
  EXPECT_THAT(cause_of({{.why_not = "no time"}, {}, {}, {}}), StartsWith("not known:"));
}

}  // namespace
}  // namespace offlab
