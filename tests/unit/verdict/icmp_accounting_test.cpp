// Refused, sent, on the wire, received: four counts of the same thing.
#include <functional>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

Finding judged(const MeasuredCase& measured) {
  return judged(Invariant::icmp_accounting, measured);
}

TEST(IcmpAccounting, PassesWhenTheCountsAgree) {
  EXPECT_EQ(judged(healthy_case()).outcome, Outcome::pass);
  const Finding finding = judged(storm_case());
  EXPECT_EQ(finding.invariant, Invariant::icmp_accounting);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_FALSE(finding.warning);
  EXPECT_EQ(finding.value, 0);
  EXPECT_EQ(finding.text, "refused 18, ICMP sent by the router 18, seen on the wire 18, received by the sender 18");
}

TEST(IcmpAccounting, WarnsOfAnyDifference) {
  const std::vector<std::function<void(MeasuredCase&)>> changes = {
      [](MeasuredCase& m) { m.measured.frag_fails = 20; },
      [](MeasuredCase& m) { m.measured.frag_needed_router = 20; },
      [](MeasuredCase& m) { m.measured.frag_needed_sender = 16; },
      [](MeasuredCase& m) { capture_of(m).frag_needed = 16; },
      [](MeasuredCase& m) { capture_of(m).frag_needed_other = 2; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    MeasuredCase measured = storm_case();
    changes[i](measured);
    EXPECT_TRUE(judged(measured).warning) << i;
    EXPECT_EQ(judged(measured).value, 2) << i;
    EXPECT_EQ(judged(measured).outcome, Outcome::pass) << i;
  }
}

TEST(IcmpAccounting, CountsErrorsAboutOtherFlowsOnTheWireToo) {
  MeasuredCase measured = storm_case();
  capture_of(measured).frag_needed = 15;
  capture_of(measured).frag_needed_other = 3;
  EXPECT_FALSE(judged(measured).warning);
}

TEST(IcmpAccounting, ADifferenceInALossyCaptureIsInconclusive) {
  MeasuredCase measured = storm_case();
  capture_of(measured).frag_needed = 16;
  measured.measured.capture_drops = 2;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
}

TEST(IcmpAccounting, IsInconclusiveWhenACountIsMissing) {
  for (Count LegMeasurements::*count :
       {&LegMeasurements::frag_fails, &LegMeasurements::frag_needed_router, &LegMeasurements::frag_needed_sender}) {
    MeasuredCase measured = healthy_case();
    (measured.measured.*count).reset();
    EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
    EXPECT_EQ(judged(measured).text, "ICMP counters are missing");
  }
  MeasuredCase measured = healthy_case();
  measured.measured.capture.reset();
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace offlab
