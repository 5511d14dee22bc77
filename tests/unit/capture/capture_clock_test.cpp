// Ticks to nanoseconds, exactly, and never beyond 64 bits.
#include "capture/capture_clock.h"

#include <limits>

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr std::uint64_t most_ticks = std::numeric_limits<std::uint64_t>::max();

TEST(CaptureClock, CountsInPowersOfTen) {
  EXPECT_EQ(CaptureClock().nanoseconds(1'795'464'907'119'854), 1'795'464'907'119'854'000);
  EXPECT_EQ(CaptureClock(0).nanoseconds(3), 3'000'000'000);
  EXPECT_EQ(CaptureClock(9).nanoseconds(1'795'464'907'119'854'321), 1'795'464'907'119'854'321);
  EXPECT_EQ(CaptureClock(12).nanoseconds(123'456'789'012), 123'456'789);
  EXPECT_EQ(CaptureClock(28).nanoseconds(most_ticks), 1);
  EXPECT_EQ(CaptureClock(29).nanoseconds(most_ticks), 0);
  EXPECT_EQ(CaptureClock(127).nanoseconds(most_ticks), 0);
}

TEST(CaptureClock, CountsInPowersOfTwo) {
  EXPECT_EQ(CaptureClock(0x80).nanoseconds(3), 3'000'000'000);
  EXPECT_EQ(CaptureClock(0x80 | 1).nanoseconds(3), 1'500'000'000);
  EXPECT_EQ(CaptureClock(0x80 | 32).nanoseconds((std::uint64_t{1'795'464'907} << 32U) | 0x80000000U),
            1'795'464'907'500'000'000);
  EXPECT_EQ(CaptureClock(0x80 | 64).nanoseconds(most_ticks), 999'999'999);
  EXPECT_EQ(CaptureClock(0x80 | 127).nanoseconds(most_ticks), 0);
}

TEST(CaptureClock, AddsTheOffset) {
  EXPECT_EQ(CaptureClock(6, 1000).nanoseconds(1), 1'000'000'001'000);
  EXPECT_EQ(CaptureClock(6, -1).nanoseconds(1), -999'999'000);
}

TEST(CaptureClock, HasNothingToSayWhereANumberWouldOverflow) {
  EXPECT_EQ(CaptureClock(9).nanoseconds(0x7fffffffffffffff), 0x7fffffffffffffff);
  EXPECT_EQ(CaptureClock(9).nanoseconds(0x8000000000000000), std::nullopt);
  EXPECT_EQ(CaptureClock(0).nanoseconds(most_ticks), std::nullopt);
  EXPECT_EQ(CaptureClock(0x80).nanoseconds(most_ticks), std::nullopt);
  EXPECT_EQ(CaptureClock(9, std::numeric_limits<std::int64_t>::max()).nanoseconds(0), std::nullopt);
  EXPECT_EQ(CaptureClock(9, std::numeric_limits<std::int64_t>::min()).nanoseconds(most_ticks), std::nullopt);
  EXPECT_EQ(CaptureClock(9, -9'300'000'000).nanoseconds(9'300'000'000'000'000'000U), 0);
}

}  // namespace
}  // namespace offlab
