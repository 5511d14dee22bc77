// Every wait ends, and says what it waited for.
#include "base/deadline.h"

#include <stop_token>

#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Deadline, SaysWhatItWaitedForAndHowLong) {
  const Deadline deadline("ssh on router", seconds(-3));  // passed from the beginning
  try {
    deadline.check({});
    FAIL() << "a passed deadline did not throw";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "ssh on router: no answer within -3 s");
  }
  EXPECT_EQ(deadline.name(), "ssh on router");
}

TEST(Deadline, PassesWithItsLimit) {
  EXPECT_TRUE(Deadline("now", seconds(0)).passed());
  EXPECT_FALSE(Deadline("later", hours(1)).passed());
  EXPECT_NO_THROW(Deadline("later", hours(1)).check({}));
}

TEST(Deadline, LetsAStopComeFirst) {
  std::stop_source source;
  EXPECT_NO_THROW(Deadline("later", hours(1)).check(source.get_token()));
  source.request_stop();
  EXPECT_THROW(Deadline("later", hours(1)).check(source.get_token()), Interrupted);
  EXPECT_THROW(Deadline("past", seconds(-1)).check(source.get_token()), Interrupted);
}

TEST(Deadline, HasNothingLeftWhenPassed) {
  EXPECT_EQ(Deadline("past", seconds(-5)).left(), milliseconds(0));
  EXPECT_EQ(Deadline("past", seconds(-5)).left(milliseconds(100)), milliseconds(0));
}

TEST(Deadline, HandsOutTheTimeLeftInSlices) {
  const Deadline deadline("later", hours(1));
  EXPECT_EQ(deadline.left(milliseconds(100)), milliseconds(100));
  EXPECT_LE(deadline.left(), hours(1));
  EXPECT_GT(deadline.left(), milliseconds(3'500'000));
  EXPECT_EQ(deadline.left(hours(2)) <= hours(1), true);
}

}  // namespace
}  // namespace offlab
