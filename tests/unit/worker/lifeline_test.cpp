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

TEST(RequestLine, IsReadPieceByPiece) {
  Pipe line = make_pipe();
  std::jthread writer([&] {
    for (const char* piece : {"{\"a\":", "1}", "\n"}) {
      poll(nullptr, 0, 5);
      EXPECT_GT(write(line.write.get(), piece, std::char_traits<char>::length(piece)), 0);
    }
  });
  EXPECT_EQ(read_request_line(line.read.get(), Deadline("the request", seconds(5))), "{\"a\":1}");
}

TEST(RequestLine, ThatDoesNotEndIsAnError) {
  Pipe line = make_pipe();
  ASSERT_EQ(write(line.write.get(), "{", 1), 1);
  EXPECT_THROW(read_request_line(line.read.get(), Deadline("the request", milliseconds(20))), Error);
  line.write.reset();
  EXPECT_THROW(read_request_line(line.read.get(), Deadline("the request", seconds(5))), Error);
}

}  // namespace
}  // namespace offlab
