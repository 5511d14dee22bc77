// Labs that run elsewhere: what becomes of the cases.
#include "runner/follow_tasks.h"

#include <deque>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "record/event_json.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

// Does one thing each time that it is asked for news; then it is over.
class FakeTasks : public LabTasks {
 public:
  std::deque<std::function<void()>> steps;
  std::vector<std::size_t> started;
  bool cancelled = false;

  bool is_under_way = false;

  bool under_way() override { return is_under_way; }
  void start(const std::vector<std::size_t>& labs) override { started = labs; }
  Lines news() override {
    if (steps.empty()) {
      over_ = true;
      return {};
    }
    steps.front()();
    steps.pop_front();
    return {"news"};
  }
  bool over() const override { return over_; }
  std::string why_over() const override { return "the job ended"; }
  void cancel() override { cancelled = true; }

 private:
  bool over_ = false;
};

class Notes : public Observer {
 public:
  void on(const Event& event) override {
    if (const auto* note = std::get_if<event::Note>(&event.what)) texts.push_back(note->text);
  }
  Lines texts;
};

class FollowTasks : public testing::Test {
 protected:
  void SetUp() override {
    folder_.write_environment({{{"accel", "tcg"}}, {{"name", "debian-12"}}, {}, "2026-11-24T06:38:54Z", 12.5});
    folder_.make_folder("tasks/done");
    for (const auto& ids : {Lines{"a", "b"}, Lines{"c"}}) {
      LabPlan lab;
      lab.name = "lab-" + std::to_string(plan_.labs.size() + 1);
      for (const std::string& id : ids) {
        CasePlan one;
        one.id = id;
        one.folder = "cases/" + id;
        lab.cases.push_back(one);
      }
      plan_.labs.push_back(lab);
    }
  }

  const CasePlan& of(const std::string& id) const {
    for (const LabPlan& lab : plan_.labs)
      for (const CasePlan& one : lab.cases)
        if (one.id == id) return one;
    throw std::logic_error(id);
  }
  void record(const std::string& id, Recorded recorded = Recorded::skipped, bool done = true) {
    folder_.write_case_record(of(id), {recorded, "it cannot"});
    if (done) folder_.write_text(done_file(of(id)), "");
  }
  Lines follow() {
    result_ = follow_tasks(
        plan_, tasks_, folder_, policy_, [&](const CaseResult& one) { told_.push_back(one.id); }, notes_,
        stop_.get_token(), interrupted_);
    Lines outcomes;
    for (const CaseResult& one : result_.cases) outcomes.push_back(one.id + " " + std::string(to_string(one.outcome)));
    return outcomes;
  }

  TempFolder temp_;
  RunFolder folder_{temp_.path()};
  RunPlan plan_;
  FakeTasks tasks_;
  Notes notes_;
  RunPolicy policy_;
  std::stop_source stop_;
  RunResult result_{};
  Lines told_;
  bool interrupted_ = true;
};

TEST_F(FollowTasks, ResultsAreToldAsTheyComeAndKeepTheirOrder) {
  tasks_.steps = {[&] { record("c"); }, [&] { record("a"); }, [&] { record("b"); }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(told_, (Lines{"c", "a", "b"}));
  EXPECT_EQ(tasks_.started, (std::vector<std::size_t>{0, 1}));
  EXPECT_FALSE(interrupted_);
  EXPECT_FALSE(tasks_.cancelled);
}

TEST_F(FollowTasks, ARecordWithoutItsMarkIsNotYetAResult) {
  tasks_.steps = {[&] { record("a", Recorded::broken, false); },
                  [&] {
                    EXPECT_TRUE(told_.empty());
                    record("a");
                    record("b");
                    record("c");
                  }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
}

TEST_F(FollowTasks, WhatTheTasksLeaveWasNotTried) {
  tasks_.steps = {[&] { record("a"); }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b error", "c error"}));
  EXPECT_EQ(result_.cases[1].reason, "the job ended");
  EXPECT_EQ(told_.size(), 3U);
}

TEST_F(FollowTasks, WhatWasFinishedJustBeforeTheEndCounts) {
  tasks_.steps = {[&] {
    record("a");
    record("b", Recorded::skipped, false);
    record("c", Recorded::skipped, false);
  }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
}

TEST_F(FollowTasks, AStopEndsTheTasks) {
  tasks_.steps = {[&] {
    record("a");
    stop_.request_stop();
  }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b error", "c error"}));
  EXPECT_TRUE(interrupted_);
  EXPECT_TRUE(tasks_.cancelled);
  EXPECT_EQ(result_.cases[2].reason, "interrupted");
}

TEST_F(FollowTasks, TheCaseThatEndsTheRunLeavesTheOthersOut) {
  policy_.until = Outcome::skip;
  tasks_.steps = {[&] { record("b"); }};
  follow();
  EXPECT_TRUE(tasks_.cancelled);
  EXPECT_EQ(folder_.read_case_record(of("c")).recorded, Recorded::left_out);
}

TEST_F(FollowTasks, AResumedRunStartsWhatIsLeft) {
  record("c");
  policy_.resume = true;
  tasks_.steps = {[&] {
    record("a");
    record("b");
  }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_EQ(tasks_.started, std::vector<std::size_t>{0});
}

TEST_F(FollowTasks, AMarkOfAnEarlierResultIsNoneOfTheNext) {
  folder_.write_case_record(of("a"), {std::nullopt, "the lab never came up"});
  folder_.write_text(done_file(of("a")), "");
  policy_.resume = true;
  tasks_.steps = {[&] {
    EXPECT_TRUE(told_.empty());
    record("a");
    record("b");
    record("c");
  }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
}

TEST_F(FollowTasks, TasksThatAreUnderWayAreFollowed) {
  policy_.resume = true;
  tasks_.is_under_way = true;
  tasks_.steps = {[&] { record("a"); }, [&] { record("b"); }, [&] { record("c"); }};
  EXPECT_EQ(follow(), (Lines{"a skip", "b skip", "c skip"}));
  EXPECT_TRUE(tasks_.started.empty());
}

TEST_F(FollowTasks, EventsAreHandedOnOnce) {
  tasks_.steps = {
      [&] { std::ofstream(temp_.path() / task_events_file(1)) << event_to_line(event::Note{"one"}) << "\n{ha"; },
      [&] {
        std::ofstream(temp_.path() / task_events_file(1), std::ios::app) << "lf\n"
                                                                         << event_to_line(event::Note{"two"}) << "\n";
      },
      [&] {
        record("a");
        record("b");
        record("c");
      }};
  follow();
  EXPECT_EQ(notes_.texts, (Lines{"news", "one", "news", "two", "news"}));
}

}  // namespace
}  // namespace offlab
