// Ratios of a leg: absent where there is nothing to divide.
#include "model/measurement.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

LegMeasurements leg(std::uint64_t sent, std::uint64_t acked, std::uint64_t tail) {
  LegMeasurements made;
  made.capture.emplace();
  made.capture->data_payload_bytes = sent;
  made.capture->acked_bytes = acked;
  made.capture->unacked_tail_bytes = tail;
  return made;
}

TEST(Amplification, CountsWhatCrossedForEachByteThatArrived) {
  EXPECT_DOUBLE_EQ(*amplification(leg(1000, 1000, 0)), 1);
  EXPECT_DOUBLE_EQ(*amplification(leg(3000, 1000, 500)), 2.5);
}

TEST(Amplification, IsAbsentWhenNothingArrivedOrNothingWasCaptured) {
  EXPECT_EQ(amplification(leg(1000, 0, 1000)), std::nullopt);
  EXPECT_EQ(amplification(LegMeasurements{}), std::nullopt);
}

// A capture that lost frames can show an end of the stream that it does not hold the bytes of.
TEST(Amplification, IsAbsentWhenTheCaptureLostMoreThanItHas) {
  EXPECT_EQ(amplification(leg(3000, 1448, 900'000)), std::nullopt);
}

TEST(WastedShare, IsWhatWasSentInVainOfAllThatCouldArrive) {
  EXPECT_DOUBLE_EQ(*wasted_share(leg(1000, 200, 300)), 5.0 / 7);  // an amplification of 3.5
  EXPECT_DOUBLE_EQ(*wasted_share(leg(1000, 1001, 0)), 0);
  EXPECT_DOUBLE_EQ(*wasted_share(leg(1000, 0, 1000)), 0);  // all of it is on its way
  EXPECT_DOUBLE_EQ(*wasted_share(leg(1000, 0, 400)), 1);   // a black hole
  EXPECT_EQ(wasted_share(leg(1000, 0, 1001)), std::nullopt);
  EXPECT_EQ(wasted_share(leg(0, 0, 0)), std::nullopt);
  EXPECT_EQ(wasted_share(LegMeasurements{}), std::nullopt);
}

TEST(RetransmitRatio, NeedsBothCounters) {
  LegMeasurements made;
  EXPECT_EQ(retransmit_ratio(made), std::nullopt);
  made.retransmitted_segments = 5;
  EXPECT_EQ(retransmit_ratio(made), std::nullopt);
  made.sent_segments = 0;
  EXPECT_EQ(retransmit_ratio(made), std::nullopt);
  made.sent_segments = 100;
  EXPECT_DOUBLE_EQ(*retransmit_ratio(made), 0.05);
  made.retransmitted_segments.reset();
  EXPECT_EQ(retransmit_ratio(made), std::nullopt);
}

}  // namespace
}  // namespace offlab
