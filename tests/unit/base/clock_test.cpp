// A wait on the machine's clock.
#include "base/clock.h"

#include <gtest/gtest.h>

#include "base/deadline.h"

namespace offlab {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(SteadyClock, WaitsUntilTheTimeHasCome) {
  SteadyClock clock;
  const Clock::Time time = clock.now() + milliseconds(2);
  clock.wait_until(time, {});
  EXPECT_GE(clock.now(), time);
  clock.wait_until(clock.now() - hours(1), {});
}

TEST(SteadyClock, AStopEndsTheWait) {
  SteadyClock clock;
  std::stop_source stop;
  stop.request_stop();
  clock.wait_until(clock.now() + hours(1), stop.get_token());
  Deadline("later", hours(1), clock).wait(stop.get_token());
}

}  // namespace
}  // namespace offlab
