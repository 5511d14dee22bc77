// A worker lives as long as its stdin.
#include "worker/lifeline.h"

#include <csignal>

#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include "base/error.h"
#include "process/pipe.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class LifelineTest : public testing::Test {
 protected:
  void SetUp() override { testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

void close_it_and_wait() {
  Pipe line = make_pipe();
  const Lifeline lifeline(line.read.get(), milliseconds(50));
  line.write.reset();
  poll(nullptr, 0, 5000);
}

TEST_F(LifelineTest, AsksTheProcessToEndWhenItCloses) {
  EXPECT_EXIT(close_it_and_wait(), testing::KilledBySignal(SIGTERM), "");
}

TEST_F(LifelineTest, EndsAProcessThatDoesNotListen) {
  EXPECT_EXIT(
      {
        std::signal(SIGTERM, SIG_IGN);
        close_it_and_wait();
      },
      testing::ExitedWithCode(3), "");
}

TEST_F(LifelineTest, LetsTheProcessLiveWhileItIsOpen) {
  Pipe line = make_pipe();
  const Lifeline lifeline(line.read.get(), milliseconds(0));
  ASSERT_EQ(write(line.write.get(), "more\n", 5), 5);
  pollfd unread{line.read.get(), POLLIN, 0};
  for (const Deadline end("the lifeline's reader", seconds(5)); poll(&unread, 1, 0) == 1 && !end.passed();)
    poll(nullptr, 0, 5);
  EXPECT_EQ(poll(&unread, 1, 0), 0) << "what comes after the request is not passed over";
}

TEST_F(LifelineTest, ReadsLinesPieceByPiece) {
  Pipe line = make_pipe();
  Lifeline lifeline(line.read.get(), milliseconds(0));
  std::jthread writer([&] {
    for (const char* piece : {"{\"a\":", "1}", "\nb\nc\n"}) {
      poll(nullptr, 0, 5);
      EXPECT_GT(write(line.write.get(), piece, std::char_traits<char>::length(piece)), 0);
    }
  });
  EXPECT_EQ(lifeline.next_line(Deadline("the request", seconds(5))), "{\"a\":1}");
  EXPECT_EQ(lifeline.next_line(Deadline("the request", seconds(5))), "b");
  EXPECT_EQ(lifeline.wait_for_line({}), "c");
}

TEST_F(LifelineTest, WaitsForALineUntilAStopIsAskedFor) {
  Pipe line = make_pipe();
  Lifeline lifeline(line.read.get(), milliseconds(0));
  std::stop_source stop;
  std::jthread stopper([&] {
    poll(nullptr, 0, 5);
    stop.request_stop();
  });
  EXPECT_EQ(lifeline.wait_for_line(stop.get_token()), std::nullopt);
}

void want_a_line_and_close_it() {
  Pipe line = make_pipe();
  std::signal(SIGTERM, SIG_IGN);
  Lifeline lifeline(line.read.get(), seconds(5));
  const ssize_t wrote = write(line.write.get(), "{", 1);
  line.write.reset();
  try {
    lifeline.next_line(Deadline("the request", seconds(5)));
  } catch (const Error& error) {
    std::fprintf(stderr, "%s", error.what());
    _exit(wrote == 1 && !lifeline.wait_for_line({}) ? 7 : 8);
  }
}

TEST_F(LifelineTest, ThatClosesInsideALineIsAnError) {
  EXPECT_EXIT(want_a_line_and_close_it(), testing::ExitedWithCode(7), "went away before its request was whole");
}

TEST_F(LifelineTest, ALineThatDoesNotEndIsAnErrorAtTheDeadline) {
  Pipe line = make_pipe();
  Lifeline lifeline(line.read.get(), milliseconds(0));
  ASSERT_EQ(write(line.write.get(), "{", 1), 1);
  EXPECT_THROW(lifeline.next_line(Deadline("the request", milliseconds(20))), Error);
}

}  // namespace
}  // namespace offlab
