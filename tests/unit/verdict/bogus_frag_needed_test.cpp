// A router that refuses packets which already fit.
#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

Finding judged(const MeasuredCase& measured) {
  return judged(Invariant::bogus_frag_needed, measured);
}

TEST(BogusFragNeeded, PassesWhenNothingWasRefused) {
  const Finding finding = judged(healthy_case());
  EXPECT_EQ(finding.invariant, Invariant::bogus_frag_needed);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0);
  EXPECT_EQ(finding.limit, 0);
  EXPECT_EQ(finding.text, "no packet of the flow was refused");
}

TEST(BogusFragNeeded, FailsAndShowsTheFrames) {
  const Finding finding = judged(storm_case());
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.value, 18);
  EXPECT_EQ(finding.text,
            "the router refused 18 packets of 2948..7292 B (mtu 1500) although the sender's segments already fit");
  EXPECT_EQ(finding.frames.size(), 6U);
}

TEST(BogusFragNeeded, OneIsAFail) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).bogus = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::fail);
}

TEST(BogusFragNeeded, NamesARangeOfAdvertisedMtus) {
  MeasuredCase measured = storm_case();
  capture_of(measured).smallest_advertised_mtu = 1400;
  EXPECT_NE(judged(measured).text.find("(mtu 1400..1500)"), std::string::npos);
}

TEST(BogusFragNeeded, PassesHonestErrors) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).honest = 2;
  EXPECT_EQ(judged(measured).outcome, Outcome::pass);
  EXPECT_EQ(judged(measured).text, "2 packets were refused, all of them longer than the advertised MTU on the wire");
}

TEST(BogusFragNeeded, WhatWasSeenIsSeenInALossyCaptureToo) {
  MeasuredCase measured = storm_case();
  measured.measured.capture_drops = 5;
  capture_of(measured).untraced = 3;
  EXPECT_EQ(judged(measured).outcome, Outcome::fail);
}

TEST(BogusFragNeeded, IsInconclusiveWhenItCannotBeKnown) {
  MeasuredCase measured = healthy_case();
  measured.measured.capture_drops = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "the capture lost 1 frames");
  measured = healthy_case();
  capture_of(measured).untraced = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "1 ICMP errors quote data that is not in the capture");
  measured.measured.capture.reset();
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
}

TEST(BogusFragNeeded, DoesNotPassOnACaptureOfNothing) {
  MeasuredCase measured = healthy_case();
  capture_of(measured) = CaptureMeasurements{};
  EXPECT_NE(judged(measured).outcome, Outcome::pass);
}

}  // namespace
}  // namespace offlab
