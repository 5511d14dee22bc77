#include "base/process_id.h"

#include <csignal>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offlab {
namespace {

// A process that sleeps until it is killed.
class Sleeper {
 public:
  Sleeper() : number_(fork()) {
    if (number_ == 0) {
      pause();
      _exit(0);
    }
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() { end(); }
  void end() {
    if (number_ < 0) return;
    kill(number_, SIGKILL);
    waitpid(number_, nullptr, 0);
    number_ = -1;
  }
  pid_t number() const { return number_; }

 private:
  pid_t number_;
};

TEST(ProcessIdTest, OpensTheProcessThatItNamed) {
  EXPECT_TRUE(open_process(process_id(getpid())));
  Sleeper sleeper;
  const ProcessId id = process_id(sleeper.number());
  EXPECT_GT(id.started, 0U);
  EXPECT_TRUE(open_process(id));
  sleeper.end();
  EXPECT_FALSE(open_process(id));
}

TEST(ProcessIdTest, ANumberThatAnotherProcessHasNowIsNone) {
  const Sleeper sleeper;
  ProcessId id = process_id(sleeper.number());
  --id.started;
  EXPECT_FALSE(open_process(id));
}

TEST(ProcessIdTest, WithoutAStartNothingIsOpened) {
  EXPECT_FALSE(open_process({getpid(), 0}));
  EXPECT_FALSE(open_process(ProcessId()));
  EXPECT_EQ(process_id(-1).started, 0U);
}

}  // namespace
}  // namespace offlab
