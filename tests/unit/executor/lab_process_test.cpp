// The cases of a lab, as the messages of its worker tell them.
#include "executor/lab_process.h"

#include <deque>
#include <functional>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.h"
#include "process/pipe.h"

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

// The same as bytes, up to their end.
class BytesOfAWorker : public MessageSource {
 public:
  explicit BytesOfAWorker(const std::string& text) {
    EXPECT_EQ(write(pipe_.write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    pipe_.write.reset();
  }
  std::optional<Message> next(const Deadline& deadline) override { return lines_.next(pipe_.read.get(), deadline, {}); }

 private:
  Pipe pipe_ = make_pipe();
  MessageLines lines_;
};

class Events : public Observer {
 public:
  void on(const Event& event) override { all.push_back(event); }
  std::vector<Event> all;
};

class LabProcessTest : public testing::Test {
 protected:
  void start(std::deque<FakeWorker::Next> script) { listen(std::make_unique<FakeWorker>(std::move(script))); }
  void listen(std::unique_ptr<MessageSource> messages) {
    lab_ = std::make_unique<LabProcess>(std::move(messages), LabAttempt{"lab-1", 2}, events_);
  }
  CaseRecord perform(const std::string& id) {
    CasePlan plan;
    plan.id = id;
    return lab_->perform(plan);
  }

  Events events_;
  std::unique_ptr<LabProcess> lab_;
};

std::string line_of(const Event& event) {
  return message_to_line(event) + "\n";
}

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

TEST_F(LabProcessTest, IsOfNoMoreUseWhenACaseWoreIt) {
  start({ready(), ends("a", Recorded::recorded), happen(event::LabWorn{"b", "bad gso", false}),
         ends("b", Recorded::recorded)});
  perform("a");
  EXPECT_TRUE(lab_->usable());
  EXPECT_EQ(perform("b"), CaseRecord{Recorded::recorded});
  EXPECT_FALSE(lab_->usable());
  EXPECT_FALSE(lab_->was_worn_before());
  start({ready(), happen(event::LabWorn{"a", "lro", true}), ends("a", Recorded::recorded)});
  perform("a");
  EXPECT_TRUE(lab_->was_worn_before());
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

// A worker that is killed while it writes.
TEST_F(LabProcessTest, AnEventThatIsCutOffBreaksTheCaseAndIsQuoted) {
  const std::string recorded = line_of(event::CaseRecorded{"a", Recorded::recorded, ""});
  listen(std::make_unique<BytesOfAWorker>(line_of(event::LabStage{event::lab_ready}) + recorded.substr(0, 20)));
  const CaseRecord broken{Recorded::broken,
                          "the stream of messages ended inside of one: '" + recorded.substr(0, 20) + "'"};
  EXPECT_EQ(perform("a"), broken);
  EXPECT_TRUE(lab_->came_up());
  EXPECT_FALSE(lab_->usable());
  EXPECT_EQ(events_.all.size(), 1U);
}

// What comes behind it counts no longer: nobody knows what is missing.
TEST_F(LabProcessTest, ADamagedEventBreaksTheCase) {
  const std::string recorded = line_of(event::CaseRecorded{"a", Recorded::recorded, ""});
  const std::string damaged = recorded.substr(20);
  listen(std::make_unique<BytesOfAWorker>(line_of(event::LabStage{event::lab_ready}) + damaged + recorded));
  const CaseRecord broken = perform("a");
  EXPECT_EQ(broken.recorded, Recorded::broken);
  EXPECT_EQ(broken.reason.find("not a message: '" + damaged.substr(0, damaged.size() - 1) + "'"), 0U) << broken.reason;
  EXPECT_FALSE(lab_->usable());
  EXPECT_EQ(perform("a"), broken);
}

TEST_F(LabProcessTest, AWorkerThatDiesBeforeItsLabIsUpBreaksTheCase) {
  listen(std::make_unique<BytesOfAWorker>(line_of(event::LabStage{"boot", "tcg"})));
  EXPECT_EQ(perform("a"), (CaseRecord{Recorded::broken,
                                      "the lab's worker died; worker.log in the lab's folder has its "
                                      "last words"}));
  EXPECT_FALSE(lab_->came_up());
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
