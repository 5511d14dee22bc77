// Load beside a transfer: started in order, ended when told to, and never left behind.
#include "lab/background_load.h"

#include <condition_variable>
#include <map>
#include <mutex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

using testing::HasSubstr;

constexpr const char* of_its_end = "{\"end\": \"input\"}\n";

// Guests whose commands print a line and wait for the end of their stdin.
class WaitingShell : public NodeShell {
 public:
  std::map<std::string, std::string> first_line = {{"server", "listening\n"}, {"clients", "connected\n"}};
  std::map<std::string, CommandEnd> fails;  // at once
  std::string report = of_its_end;
  int status = 0;
  bool ends_together = false;  // an iperf3 whose peer has ended does so, too
  std::vector<std::string> started;
  std::vector<std::string> ended;

  void await(const std::string&, const Deadline&, const std::stop_token&) override {}
  void connect(const std::string&, const Deadline&, const std::stop_token&) override {}
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink, const Deadline&,
                    const std::stop_token& stop, const std::stop_token& enough) override {
    note(started, command);
    if (const auto failure = fails.find(node); failure != fails.end()) return failure->second;
    sink(first_line.at(node));
    std::unique_lock lock(mutex_);
    const std::stop_callback woken(enough, [this] { changed_.notify_all(); });
    changed_.wait(lock, stop, [&] { return enough.stop_requested() || (ends_together && !ended.empty()); });
    lock.unlock();
    note(ended, node);
    if (stop.stop_requested() && !enough.stop_requested()) throw Interrupted();
    sink(report);
    return {status, ""};
  }

 private:
  void note(std::vector<std::string>& list, const std::string& text) {
    const std::lock_guard lock(mutex_);
    list.push_back(text);
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
};

class Load : public testing::Test {
 protected:
  BackgroundLoad load() { return {shell_, clock_, start_, stop_.get_token()}; }
  std::string error() {
    try {
      load();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  WaitingShell shell_;
  SteadyClock clock_;
  std::stop_source stop_;
  step::StartBackground start_ = {"server", "clients", "send", "receive", 5};
};

TEST_F(Load, StartsTheSenderBeforeItsReceiverAndGivesWhatBothPrinted) {
  BackgroundLoad running = load();
  EXPECT_EQ(shell_.started, (std::vector<std::string>{"send", "receive"}));
  EXPECT_TRUE(shell_.ended.empty());
  const BackgroundOutput expected{std::string("listening\n") + of_its_end, std::string("connected\n") + of_its_end, ""};
  EXPECT_EQ(running.end(stop_.get_token()), expected);
  EXPECT_EQ(shell_.ended, (std::vector<std::string>{"server", "clients"}));
}

TEST_F(Load, WhereTheSenderConnectsTheReceiverStartsFirst) {
  start_.sender_connects = true;
  std::swap(shell_.first_line["server"], shell_.first_line["clients"]);
  BackgroundLoad running = load();
  EXPECT_EQ(shell_.started, (std::vector<std::string>{"receive", "send"}));
}

TEST_F(Load, OfIperf3IsSeenInTheTableOfConnectionsAndItsStatusIsNoTrouble) {
  start_.is_iperf3 = true;
  start_.port = 8082;
  start_.listening_port = 5203;
  shell_.status = 1;
  shell_.ends_together = true;
  shell_.report = "{\"error\": \"interrupt - the client has terminated\"}";
  BackgroundLoad running = load();
  EXPECT_THAT(shell_.started.at(0), HasSubstr("*:1453' 0A'"));  // 5203, listening
  EXPECT_THAT(shell_.started.at(1), HasSubstr("*:1F92' 01'"));  // 8082, established
  EXPECT_EQ(running.end(stop_.get_token()).trouble, "");
  EXPECT_EQ(shell_.ended.front(), "clients") << "the server's report comes when its client has ended";
}

TEST_F(Load, OfIperf3ThatFailsIsTrouble) {
  start_.is_iperf3 = true;
  shell_.status = 1;
  shell_.ends_together = true;
  shell_.report = "{\"error\": \"unable to receive\"}";
  BackgroundLoad running = load();
  EXPECT_THAT(running.end(stop_.get_token()).trouble, HasSubstr("clients: exit status 1"));
}

TEST_F(Load, IsEndedByWhoeverLeavesIt) {
  { const BackgroundLoad running = load(); }
  EXPECT_EQ(shell_.ended.size(), 2U);
}

TEST_F(Load, ASenderThatDoesNotStartIsAnErrorWithItsWords) {
  shell_.fails["server"] = {2, "offlab-background: this is no guest of a lab\n"};
  EXPECT_THAT(error(), HasSubstr("the background load on server did not start: server: exit status 2 "
                                 "offlab-background: this is no guest of a lab"));
  EXPECT_EQ(shell_.started.size(), 1U);
}

TEST_F(Load, AReceiverThatDoesNotConnectIsAnErrorAndEndsTheSender) {
  shell_.fails["clients"] = {1, "offlab-background: connect: Connection timed out\n"};
  EXPECT_THAT(error(), HasSubstr("the background load on clients did not start"));
  EXPECT_EQ(shell_.ended, std::vector<std::string>{"server"});
}

TEST_F(Load, AStopEndsIt) {
  BackgroundLoad running = load();
  stop_.request_stop();
  EXPECT_THROW(running.end(stop_.get_token()), Interrupted);
  EXPECT_THROW(load(), Interrupted);
}

TEST_F(Load, OutputWithoutEndIsTrouble) {
  shell_.first_line["clients"] = "connected\n" + std::string(6'100'000, 'x');
  EXPECT_THAT(error(), HasSubstr("the background load prints without end"));
}

}  // namespace
}  // namespace offlab
