// The cases of a lab, as the messages of its worker tell them.
#include "executor/lab_process.h"

#include <deque>
#include <functional>

#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

// Says what it was given, then ends; a thrown thing is thrown.
class FakeWorker : public MessageSource {
 public:
  using Next = std::function<std::optional<Message>()>;

  explicit FakeWorker(std::deque<Next> script) : script_(std::move(script)) {}

  std::optional<Message> next(const Deadline&) override {
    if (script_.empty()) return std::nullopt;
    const Next one = std::move(script_.front());
    script_.pop_front();
    return one();
  }

 private:
  std::deque<Next> script_;
};

FakeWorker::Next say(const Message& message) {
  return [message] { return message; };
}

FakeWorker::Next happen(const Event& event) {
  return say(event);
}

FakeWorker::Next hang() {
  return []() -> std::optional<Message> { throw Error("case 'a': no answer within 70 s"); };
}

class Events : public Observer {
 public:
  void on(const Event& event) override { all.push_back(event); }
  std::vector<Event> all;
};

class LabProcessTest : public testing::Test {
 protected:
  void start(std::deque<FakeWorker::Next> script) {
    lab_ =
        std::make_unique<LabProcess>(std::make_unique<FakeWorker>(std::move(script)), LabAttempt{"lab-1", 2}, events_);
  }
  CaseRecord perform(const std::string& id) {
    CasePlan plan;
    plan.id = id;
    return lab_->perform(plan);
  }

  Events events_;
  std::unique_ptr<LabProcess> lab_;
};

FakeWorker::Next ready() {
  return happen(event::LabStage{event::lab_ready});
}

FakeWorker::Next ends(const std::string& id, Recorded how, const std::string& reason = "") {
  return happen(event::CaseRecorded{id, how, reason});
}

TEST_F(LabProcessTest, TellsWhatBecameOfEachCase) {
  start({ready(), ends("a", Recorded::recorded), ends("b", Recorded::skipped, "no lro")});
  EXPECT_FALSE(lab_->came_up());
  EXPECT_EQ(perform("a"), CaseRecord{Recorded::recorded});
  EXPECT_TRUE(lab_->came_up());
  EXPECT_EQ(perform("b"), (CaseRecord{Recorded::skipped, "no lro"}));
  EXPECT_TRUE(lab_->usable());
}

TEST_F(LabProcessTest, SaysOfWhichLabTheEventsAre) {
  start({ready(), ends("a", Recorded::recorded)});
  perform("a");
  ASSERT_EQ(events_.all.size(), 2U);
  for (const Event& event : events_.all) EXPECT_EQ(event.of, (LabAttempt{"lab-1", 2}));
}

TEST_F(LabProcessTest, IsOfNoUseAfterACaseBrokeIt) {
  start({ready(), ends("a", Recorded::broken, "guest 'router' crashed"), ends("b", Recorded::recorded)});
  EXPECT_EQ(perform("a"), (CaseRecord{Recorded::broken, "guest 'router' crashed"}));
  EXPECT_FALSE(lab_->usable());
  EXPECT_EQ(perform("b"), (CaseRecord{Recorded::broken, "guest 'router' crashed"}));
}

TEST_F(LabProcessTest, AWorkerThatDiesBreaksTheCase) {
  start({ready(), happen(event::CaseStarted{"a"})});
  EXPECT_EQ(perform("a").recorded, Recorded::broken);
  EXPECT_NE(perform("a").reason.find("worker died"), std::string::npos);
  EXPECT_FALSE(lab_->usable());
  EXPECT_TRUE(lab_->came_up());
}

TEST_F(LabProcessTest, AWorkerThatMissesItsDeadlineBreaksTheCase) {
  start({ready(), hang()});
  EXPECT_EQ(perform("a"), (CaseRecord{Recorded::broken, "case 'a': no answer within 70 s"}));
  EXPECT_FALSE(lab_->usable());
}

TEST_F(LabProcessTest, AFailureOfTheWorkerIsToldWithItsRemedy) {
  start({say(message::Failed{"no /dev/net/tun", "modprobe tun"})});
  EXPECT_EQ(perform("a"), (CaseRecord{Recorded::broken, "no /dev/net/tun (modprobe tun)"}));
  EXPECT_FALSE(lab_->came_up());
  ASSERT_EQ(events_.all.size(), 1U);
  EXPECT_EQ(events_.all[0], Event({"lab-1", 2}, event::LabFailed{"no /dev/net/tun", "modprobe tun"}));
}

TEST_F(LabProcessTest, WhatIsSaidOfAnotherCaseIsNotThisOnes) {
  start({ready(), ends("b", Recorded::broken), ends("a", Recorded::recorded)});
  EXPECT_EQ(perform("a"), CaseRecord{Recorded::recorded});
}

TEST_F(LabProcessTest, AnInterruptionIsNoBreak) {
  start({[]() -> std::optional<Message> { throw Interrupted(); }});
  EXPECT_THROW(perform("a"), Interrupted);
}

}  // namespace
}  // namespace offlab
