// Who may use a host, and until when.
#include "cache/host_lock.h"

#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;
using testing::HasSubstr;

class Lock : public testing::Test {
 protected:
  std::string refusal(const std::string& owner) {
    try {
      HostLock{temp_.path(), owner, clock()};
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  HostLock::Now clock() {
    return [this] { return now_; };
  }
  void write(const std::string& text) const { std::ofstream(temp_.path() / "host-lock.json") << text; }

  TempFolder temp_;
  system_clock::time_point now_ = system_clock::from_time_t(1'796'000'000);
};

TEST_F(Lock, AnotherOwnerIsRefusedWhileItIsHeld) {
  std::optional<HostLock> mine(std::in_place, temp_.path(), "me", clock());
  EXPECT_EQ(refusal("you"), "it is in use by me until 00:54:20 UTC, or longer");
  mine.reset();
  EXPECT_EQ(refusal("you"), "");
}

TEST_F(Lock, ProcessesOfOneOwnerHoldItTogether) {
  const HostLock mine(temp_.path(), "me", clock());
  const pid_t other = fork();
  if (other == 0) {
    { HostLock{temp_.path(), "me", clock()}; }
    _exit(0);
  }
  waitpid(other, nullptr, 0);
  EXPECT_THAT(refusal("you"), HasSubstr("in use by me"));
}

TEST_F(Lock, ItExpiresUnlessItIsRenewed) {
  HostLock mine(temp_.path(), "me", clock());
  now_ += HostLock::lifetime - seconds(1);
  EXPECT_THAT(refusal("you"), HasSubstr("in use by me"));
  mine.renew();
  now_ += HostLock::lifetime - seconds(1);
  EXPECT_THAT(refusal("you"), HasSubstr("in use by me"));
  now_ += seconds(2);
  EXPECT_EQ(refusal("you"), "");
}

TEST_F(Lock, WhoLostItToAnotherIsRefused) {
  HostLock mine(temp_.path(), "me", clock());
  now_ += HostLock::lifetime + seconds(1);
  const HostLock yours(temp_.path(), "you", clock());
  EXPECT_THROW(mine.renew(), Error);
}

TEST_F(Lock, ADeadHolderHoldsNothing) {
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  waitpid(dead, nullptr, 0);
  write(R"({"owner":"me","expires":4000000000,"holders":[)" + std::to_string(dead) + "]}");
  EXPECT_EQ(refusal("you"), "");
}

TEST_F(Lock, AFileThatIsNoneHoldsNothing) {
  for (const char* text : {"", "{", "[]", R"({"owner":1})", R"({"owner":"x","expires":"y","holders":3})"}) {
    write(text);
    EXPECT_EQ(refusal("you"), "") << text;
  }
}

}  // namespace
}  // namespace offlab
