// How long a connection may stand still.
#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

TEST(Liveness, FailsWhenNothingNewIsAcknowledgedForTooLong) {
  MeasuredCase measured = healthy_case();
  EXPECT_EQ(judged(Invariant::liveness, measured).outcome, Outcome::pass);
  capture_of(measured).longest_stall_seconds = 1.5;
  EXPECT_EQ(judged(Invariant::liveness, measured).outcome, Outcome::fail);
  measured.measured.dropped_by_receiver.reset();  // a capture without counters
  EXPECT_EQ(judged(Invariant::liveness, measured).outcome, Outcome::fail);
}

TEST(Liveness, IsNotTheRoutersWhereTheReceiverDroppedWhatItGot) {
  MeasuredCase measured = healthy_case();
  measured.measured.dropped_by_receiver = 162;
  EXPECT_EQ(judged(Invariant::liveness, measured).outcome, Outcome::pass);
  capture_of(measured).longest_stall_seconds = 4.59;
  const Finding finding = judged(Invariant::liveness, measured);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(
      finding.text,
      "the longest time without a new acknowledgement was 4.59 s; the receiver had no memory for 162 segments that "
      "reached it (TCPRcvQDrop)");
}

// Routers side by side: data passes one of them, acknowledgements the other.
TEST(Liveness, IsNotKnownWhereNoAcknowledgementWasCaptured) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).acknowledgements = 0;
  capture_of(measured).longest_stall_seconds = 2.9;
  EXPECT_EQ(judged(Invariant::liveness, measured).outcome, Outcome::inconclusive);
  capture_of(measured).acked_bytes = 0;
  EXPECT_EQ(judged(Invariant::amplification, measured).text,
            "no acknowledgement was captured: they may take another way than the data");
  // What left stands for what was acknowledged.
  EXPECT_EQ(judged(Invariant::coverage, measured).outcome, Outcome::pass);
}

}  // namespace
}  // namespace offlab
