// How far the clock of another machine is ahead.
#include "machine/clock_offset.h"

#include <chrono>
#include <cstdlib>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/clock.h"

namespace offlab {
namespace {

constexpr std::int64_t second = 1'000'000'000;

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// A machine whose clock is `ahead`, with a `date` that prints its answer in `format`.
class OtherClock : public NodeShell {
 public:
  explicit OtherClock(std::int64_t ahead_ns, const char* format = "{0}{1:09}\n") : ahead_(ahead_ns), format_(format) {}

  void await(const std::string&, const Deadline&, const std::stop_token&) override {}
  void connect(const std::string&, const Deadline&, const std::stop_token&) override {}
  CommandEnd stream(const std::string&, const std::string&, const OutputSink& sink, const Deadline&,
                    const std::stop_token&, const std::stop_token&) override {
    const std::int64_t there = now() + ahead_;
    sink(fmt::format(fmt::runtime(format_), there / second, there % second));
    return {};
  }

 private:
  std::int64_t ahead_;
  const char* format_;
};

std::optional<ClockOffset> offset_of(OtherClock other) {
  SteadyClock clock;
  return clock_offset(other, clock, "router", {});
}

constexpr const char* busybox = "{0}\n";
constexpr const char* freebsd = "{0}N\n";

TEST(ClockOffset, IsMeasuredInNanoseconds) {
  const auto offset = offset_of(OtherClock(3 * second));
  ASSERT_TRUE(offset);
  EXPECT_LE(std::abs(offset->ahead_ns - 3 * second), offset->doubt_ns);
  EXPECT_LT(offset->doubt_ns, second / 2);
}

TEST(ClockOffset, SecondsAloneTellAClockThatIsFarOff) {
  for (const char* format : {busybox, freebsd}) {
    const auto offset = offset_of(OtherClock(-3600 * second, format));
    ASSERT_TRUE(offset) << format;
    EXPECT_LE(std::abs(offset->ahead_ns + 3600 * second), offset->doubt_ns) << format;
    EXPECT_GE(offset->doubt_ns, second / 2) << format;
  }
}

TEST(ClockOffset, SecondsAloneLeaveAClockThatIsRight) {
  const auto offset = offset_of(OtherClock(0, busybox));
  ASSERT_TRUE(offset);
  EXPECT_EQ(offset->ahead_ns, 0);
}

TEST(ClockOffset, WhatIsNoDateTellsNothing) {
  EXPECT_FALSE(offset_of(OtherClock(0, "date: not found\n")));
  EXPECT_FALSE(offset_of(OtherClock(0, "12\n")));
  EXPECT_FALSE(offset_of(OtherClock(0, "{0}000\n")));
  EXPECT_FALSE(offset_of(OtherClock(0, "")));
}

}  // namespace
}  // namespace offlab
