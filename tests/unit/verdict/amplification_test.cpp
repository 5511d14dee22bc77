// Bytes that cross the uplink for each one that arrives.
#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

MeasuredCase with(std::uint64_t sent, std::uint64_t acked, std::uint64_t drops = 0) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).data_payload_bytes = sent;
  capture_of(measured).acked_bytes = acked;
  capture_of(measured).unacked_tail_bytes = 0;
  measured.measured.capture_drops = drops;
  return measured;
}

Finding judged(const MeasuredCase& measured) {
  return judged(Invariant::amplification, measured);
}

TEST(AmplificationFinding, PassesWhenLittleIsSentTwice) {
  EXPECT_EQ(judged(healthy_case()).outcome, Outcome::pass);
  const Finding finding = judged(with(102, 100));
  EXPECT_EQ(finding.invariant, Invariant::amplification);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_FALSE(finding.warning);
  EXPECT_EQ(finding.value, 1.02);
  EXPECT_EQ(finding.limit, 1.10);
  EXPECT_EQ(finding.text, "1.020 payload bytes crossed the uplink for each one that arrived");
}

TEST(AmplificationFinding, WarnsAboveTwoPercent) {
  EXPECT_TRUE(judged(with(1021, 1000)).warning);
  EXPECT_TRUE(judged(with(110, 100)).warning);
  EXPECT_EQ(judged(with(110, 100)).outcome, Outcome::pass);
}

TEST(AmplificationFinding, FailsAboveTenPercent) {
  MeasuredCase measured = with(2'000'000, 1'000'000);
  capture_of(measured).seconds = 0.5;
  const Finding finding = judged(measured);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_FALSE(finding.warning);
  EXPECT_EQ(finding.text,
            "2.000 payload bytes crossed the uplink for each one that arrived: 50 % of them wasted, 16.0 Mbit/s");
  EXPECT_EQ(judged(with(1101, 1000)).outcome, Outcome::fail);
  EXPECT_EQ(judged(storm_case()).outcome, Outcome::fail);
}

TEST(AmplificationFinding, DoesNotCountWhatTheEndCutOff) {
  MeasuredCase measured = with(200, 100);
  capture_of(measured).unacked_tail_bytes = 100;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  EXPECT_EQ(judged(measured).value, 1);
}

TEST(AmplificationFinding, ALossyCaptureCanShowAFailAndNotAPass) {
  EXPECT_EQ(judged(with(200, 100, 1)).outcome, Outcome::fail);
  EXPECT_EQ(judged(with(100, 100, 1)).outcome, Outcome::inconclusive);
}

TEST(AmplificationFinding, IsInconclusiveWithoutWhatItCompares) {
  EXPECT_EQ(judged(with(100, 0)).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(with(100, 0)).text, "nothing that was sent was acknowledged");
  EXPECT_EQ(judged(with(0, 0)).text, "no data was sent");
  EXPECT_EQ(judged(with(0, 0)).outcome, Outcome::inconclusive);
  MeasuredCase measured = healthy_case();
  measured.measured.capture.reset();
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "there is no capture");
}

}  // namespace
}  // namespace offlab
