// What went in and did not come out.
#include "measure/outstanding_ranges.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr std::int64_t second = 1'000'000'000;

TEST(OutstandingRanges, LoseNothingThatLeaves) {
  OutstandingRanges ranges(second);
  EXPECT_TRUE(ranges.enter(100, 200, 1, 0));
  EXPECT_TRUE(ranges.leave(100, 150));
  EXPECT_TRUE(ranges.leave(150, 200));
  ranges.expire(10 * second);
  EXPECT_EQ(ranges.lost_bytes(), 0U);
  EXPECT_EQ(ranges.passages()[1].sent, 1U);
  EXPECT_EQ(ranges.passages()[1].lost, 0U);
}

TEST(OutstandingRanges, WaitAsLongAsTheirPatience) {
  OutstandingRanges ranges(second);
  ranges.enter(100, 200, 1, 0);
  ranges.expire(second);
  EXPECT_EQ(ranges.lost_bytes(), 0U);
  ranges.expire(second + 1);
  EXPECT_EQ(ranges.lost_bytes(), 100U);
  EXPECT_EQ(ranges.passages()[1].lost, 1U);
}

TEST(OutstandingRanges, TheHoleIsWhatIsLost) {
  OutstandingRanges ranges(second);
  ranges.enter(100, 400, 1, 0);
  ranges.leave(100, 200);
  ranges.leave(300, 400);
  ranges.expire(2 * second);
  EXPECT_EQ(ranges.lost_bytes(), 100U);
}

TEST(OutstandingRanges, ARetransmissionSaysThatTheFirstWasLost) {
  OutstandingRanges ranges(second);
  ranges.enter(100, 7340, SizeClasses::superframe, 0);
  EXPECT_FALSE(ranges.enter(100, 1548, 11, second / 5));
  EXPECT_EQ(ranges.passages()[SizeClasses::superframe].lost, 1U);
  EXPECT_TRUE(ranges.leave(100, 1548));
  EXPECT_EQ(ranges.passages()[11].lost, 0U);
}

TEST(OutstandingRanges, ARetransmissionOfWhatLeftIsNoLoss) {
  OutstandingRanges ranges(second);
  ranges.enter(100, 200, 1, 0);
  ranges.leave(100, 200);
  EXPECT_FALSE(ranges.enter(100, 200, 1, 5));
  EXPECT_FALSE(ranges.leave(100, 200));
  ranges.expire(5 * second);
  EXPECT_EQ(ranges.lost_bytes(), 0U);
  EXPECT_EQ(ranges.passages()[1].lost, 0U);
}

TEST(OutstandingRanges, WhatWasAcknowledgedHasArrived) {
  OutstandingRanges ranges(second);
  ranges.enter(100, 300, 1, 0);
  ranges.acknowledge(200);
  ranges.expire(5 * second);
  EXPECT_EQ(ranges.lost_bytes(), 100U);
}

TEST(SizeClasses, GrowInSteps) {
  EXPECT_EQ(SizeClasses::of(1), 0U);
  EXPECT_EQ(SizeClasses::of(128), 0U);
  EXPECT_EQ(SizeClasses::of(129), 1U);
  EXPECT_EQ(SizeClasses::longest(SizeClasses::of(1500)), 1536U);
  EXPECT_EQ(SizeClasses::of(9000), SizeClasses::longer);
}

}  // namespace
}  // namespace offlab
