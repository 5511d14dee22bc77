// What went in and did not come out.
#include "measure/outstanding_ranges.h"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace offlab {
namespace {

constexpr std::int64_t second = 1'000'000'000;

// Ranges with what was counted of them.
struct Counted {
  OutstandingRanges ranges{second};
  Passages passages{};
  std::vector<std::pair<std::uint64_t, std::uint32_t>> lost;  // begin, bytes

  bool enter(std::uint64_t begin, std::uint64_t end, std::size_t size_class, std::int64_t time_ns) {
    return ranges.enter(begin, end, size_class, time_ns, passages).is_new;
  }
  bool leave(std::uint64_t begin, std::uint64_t end) { return ranges.leave(begin, end, passages); }
  void expire(std::int64_t now_ns) {
    ranges.expire(now_ns, passages, [&](std::uint64_t begin, std::uint32_t bytes) { lost.emplace_back(begin, bytes); });
  }
};

TEST(OutstandingRanges, LoseNothingThatLeaves) {
  Counted ranges;
  EXPECT_TRUE(ranges.enter(100, 200, 1, 0));
  EXPECT_TRUE(ranges.leave(100, 150));
  EXPECT_TRUE(ranges.leave(150, 200));
  ranges.expire(10 * second);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 0U);
  EXPECT_EQ(ranges.passages.by_size[1].sent, 1U);
  EXPECT_EQ(ranges.passages.by_size[1].lost, 0U);
}

TEST(OutstandingRanges, WaitAsLongAsTheirPatience) {
  Counted ranges;
  ranges.enter(100, 200, 1, 0);
  ranges.expire(second);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 0U);
  ranges.expire(second + 1);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 100U);
  EXPECT_EQ(ranges.passages.by_size[1].lost, 1U);
}

TEST(OutstandingRanges, WhatMayYetLeaveAtTheEndCountsAsNeither) {
  Counted ranges;
  ranges.enter(100, 200, 1, 0);
  ranges.enter(200, 300, 1, second);
  ranges.enter(300, 400, 1, second);
  ranges.enter(400, 500, 1, second);
  ranges.leave(300, 400);
  ranges.leave(430, 470);  // of the last one two pieces are missing
  ranges.expire(second + 1);
  ranges.ranges.leave_open(ranges.passages);
  EXPECT_EQ(ranges.passages.by_size[1].sent, 2U);
  EXPECT_EQ(ranges.passages.by_size[1].lost, 1U);
}

TEST(OutstandingRanges, TheHoleIsWhatIsLost) {
  Counted ranges;
  ranges.enter(100, 400, 1, 0);
  ranges.leave(100, 200);
  ranges.leave(300, 400);
  ranges.expire(2 * second);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 100U);
}

TEST(OutstandingRanges, SayWhichRangesAreGivenUp) {
  Counted ranges;
  ranges.enter(100, 400, 1, 0);
  ranges.leave(200, 300);
  ranges.expire(second);
  EXPECT_TRUE(ranges.lost.empty());
  ranges.expire(2 * second);
  EXPECT_EQ(ranges.lost, (std::vector<std::pair<std::uint64_t, std::uint32_t>>{{100, 100}, {300, 100}}));
}

TEST(OutstandingRanges, ARetransmissionSaysThatTheFirstWasLost) {
  Counted ranges;
  ranges.enter(100, 7340, SizeClasses::superframe, 0);
  EXPECT_FALSE(ranges.enter(100, 1548, 11, second / 5));
  EXPECT_EQ(ranges.passages.by_size[SizeClasses::superframe].lost, 1U);
  EXPECT_TRUE(ranges.leave(100, 1548));
  EXPECT_EQ(ranges.passages.by_size[11].lost, 0U);
}

TEST(OutstandingRanges, ATransmissionIsLostOnceHoweverManyPiecesAreSentAgain) {
  Counted ranges;
  ranges.enter(100, 3100, SizeClasses::superframe, 0);
  for (std::uint64_t at = 100; at < 3100; at += 1000) {
    ranges.enter(at, at + 1000, 8, 1);
    ranges.leave(at, at + 1000);
  }
  EXPECT_EQ(ranges.passages.by_size[SizeClasses::superframe].lost, 1U);
  EXPECT_EQ(ranges.passages.by_size[8].sent, 3U);
  EXPECT_EQ(ranges.passages.by_size[8].lost, 0U);
}

TEST(OutstandingRanges, ARetransmissionOfWhatWasGivenUpIsNotFollowed) {
  Counted ranges;
  ranges.enter(100, 200, 1, 0);
  ranges.expire(2 * second);
  EXPECT_FALSE(ranges.enter(100, 200, 1, 2 * second));
  EXPECT_EQ(ranges.passages.by_size[1].sent, 1U);
  EXPECT_EQ(ranges.passages.by_size[1].lost, 1U);
}

TEST(OutstandingRanges, ARetransmissionOfSeveralSaysThatAllWereLost) {
  Counted ranges;
  for (std::uint64_t at = 100; at < 3100; at += 1000) ranges.enter(at, at + 1000, 8, 0);
  ranges.enter(100, 3100, SizeClasses::superframe, 1);
  EXPECT_EQ(ranges.passages.by_size[8].lost, 3U);
  ranges.expire(2 * second);
  EXPECT_EQ(ranges.passages.by_size[SizeClasses::superframe].lost, 1U);
}

TEST(OutstandingRanges, ARetransmissionOfWhatLeftIsNoLoss) {
  Counted ranges;
  ranges.enter(100, 200, 1, 0);
  ranges.leave(100, 200);
  EXPECT_FALSE(ranges.enter(100, 200, 1, 5));
  EXPECT_FALSE(ranges.leave(100, 200));
  ranges.expire(5 * second);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 0U);
  EXPECT_EQ(ranges.passages.by_size[1].lost, 0U);
}

TEST(OutstandingRanges, WhatWasAcknowledgedHasArrived) {
  Counted ranges;
  ranges.enter(100, 300, 1, 0);
  ranges.ranges.acknowledge(200);
  ranges.expire(5 * second);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 100U);
}

// What is meant, byte by byte.
class PlainBytes {
 public:
  bool enter(std::size_t begin, std::size_t end) {
    const bool is_new = end > furthest_;
    for (std::size_t at = std::max(begin, furthest_); at < end; ++at) outstanding_[at] = true;
    furthest_ = std::max(furthest_, end);
    return is_new;
  }
  bool leave(std::size_t begin, std::size_t end) {
    bool some = false;
    for (std::size_t at = begin; at < end; ++at) {
      some = some || outstanding_[at];
      outstanding_[at] = false;
    }
    return some;
  }
  std::uint64_t left_over() const {
    return static_cast<std::uint64_t>(std::count(outstanding_.begin(), outstanding_.end(), true));
  }

 private:
  std::vector<bool> outstanding_ = std::vector<bool>(20'000);
  std::size_t furthest_ = 1;
};

TEST(OutstandingRanges, AgreeWithBytesLookedAtOneByOne) {
  std::mt19937 random(4711);
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (int round = 0; round < 60; ++round) {
    Counted ranges;
    PlainBytes bytes;
    std::size_t sent_to = 1;
    for (int step = 0; step < 120; ++step) {
      const std::size_t back = below(4) == 0 ? below(std::min<std::size_t>(sent_to, 800)) : 0;
      const std::size_t begin = sent_to - back;
      const std::size_t end = begin + 1 + below(150);
      switch (below(3)) {
        case 0:
          ASSERT_EQ(ranges.enter(begin, end, 1, 0), bytes.enter(begin, end)) << round << " " << step;
          sent_to = std::max(sent_to, end);
          break;
        case 1: {
          const std::size_t from = 1 + below(sent_to);
          const std::size_t to = from + 1 + below(200);
          ASSERT_EQ(ranges.leave(from, to), bytes.leave(from, to)) << round << " " << step;
          break;
        }
        default:
          ranges.ranges.acknowledge(sent_to / 2);
          bytes.leave(0, sent_to / 2);
      }
    }
    ranges.expire(2 * second);
    ASSERT_EQ(ranges.ranges.lost_bytes(), bytes.left_over()) << round;
  }
}

TEST(OutstandingRanges, DoNotGrowWithoutBounds) {
  Counted ranges;
  for (std::uint64_t at = 1; at < 100'000; ++at) ranges.enter(at, at + 1, 1, 0);
  EXPECT_EQ(ranges.ranges.lost_bytes(), 99'999U - 65'536U);
}

TEST(SizeClasses, GrowInSteps) {
  EXPECT_EQ(SizeClasses::of(1), 0U);
  EXPECT_EQ(SizeClasses::of(128), 0U);
  EXPECT_EQ(SizeClasses::of(129), 1U);
  EXPECT_EQ(SizeClasses::longest(SizeClasses::of(1500)), 1536U);
  EXPECT_EQ(SizeClasses::of(9000), SizeClasses::longer);
}

// A queue in the router held the first copy longer than the sender waited.
TEST(OutstandingRanges, ACopyThatLeavesLateIsNotLost) {
  OutstandingRanges ranges(second);
  Passages passages{};
  ranges.enter(1, 101, 1, 0, passages);
  ranges.enter(1, 101, 1, second / 4, passages);
  EXPECT_EQ(passages.by_size[1].lost, 1U);
  EXPECT_TRUE(ranges.leave(1, 101, passages));
  EXPECT_EQ(passages.by_size[1].lost, 1U);  // of two copies one has left
  EXPECT_FALSE(ranges.leave(1, 101, passages));
  EXPECT_EQ(passages.by_size[1].lost, 0U);
  EXPECT_FALSE(ranges.leave(1, 101, passages));  // a duplicate makes nothing good
  EXPECT_EQ(passages.by_size[1].lost, 0U);
}

// A packet that was sent again overtakes the coalesced frame that had it first.
TEST(OutstandingRanges, ACoalescedFrameThatIsOvertakenIsNotLost) {
  OutstandingRanges ranges(second);
  Passages passages{};
  ranges.enter(1, 1001, SizeClasses::superframe, 0, passages);
  ranges.enter(1, 101, 1, second / 4, passages);
  EXPECT_EQ(passages.by_size[SizeClasses::superframe].lost, 1U);
  ranges.leave(1, 101, passages);
  EXPECT_TRUE(ranges.leave(1, 1001, passages));
  EXPECT_EQ(passages.by_size[SizeClasses::superframe].lost, 0U);
}

// What comes close behind another packet may be merged with it.
TEST(OutstandingRanges, CountsPacketsInBurstsApart) {
  OutstandingRanges ranges(second);
  Passages passages{};
  ranges.enter(1, 101, 1, 0, passages);
  ranges.enter(101, 201, 1, 0, passages, true);  // in a burst with the one before it
  ranges.enter(201, 301, 1, 0, passages);        // alone
  EXPECT_EQ(passages.by_size[1].sent, 3U);
  EXPECT_EQ(passages.in_bursts.sent, 2U);
  ranges.leave(201, 301, passages);
  ranges.enter(1, 101, 1, 0, passages);  // sent again, alone
  EXPECT_EQ(passages.in_bursts.lost, 1U);
  EXPECT_EQ(passages.in_bursts.sent, 2U);
  ranges.leave(1, 101, passages);
  ranges.expire(2 * second, passages, [](std::uint64_t, std::uint32_t) {});
  EXPECT_EQ(passages.in_bursts.lost, 2U);
  EXPECT_EQ(passages.by_size[1].lost, 2U);
  EXPECT_EQ(passages.by_size[1].sent, 4U);
}

}  // namespace
}  // namespace offlab
