// DF leaves the router as it came, and nothing is cut.
#include <functional>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

Finding judged(const MeasuredCase& measured) {
  return judged(Invariant::df_preserved, measured);
}

TEST(DfPreserved, PassesWhenNothingWasCut) {
  const Finding finding = judged(healthy_case());
  EXPECT_EQ(finding.invariant, Invariant::df_preserved);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.text, "DF set on all 1065 data frames into and 1065 out of the router, no fragment made");
}

TEST(DfPreserved, FailsOnEveryTraceOfAFragment) {
  const std::vector<std::pair<std::function<void(MeasuredCase&)>, const char*>> changes = {
      {[](MeasuredCase& m) { capture_of(m).egress_fragments = 3; }, "3 fragments left the router"},
      {[](MeasuredCase& m) { m.measured.frag_creates = 4; }, "the router split 0 packets into 4 fragments"},
      {[](MeasuredCase& m) { m.measured.frag_oks = 2; }, "the router split 2 packets into 0 fragments"},
      {[](MeasuredCase& m) { m.measured.reassembly_requests = 5; }, "the receiver got 5 fragments to reassemble"},
      {[](MeasuredCase& m) { capture_of(m).egress_without_df = 6; }, "6 data frames left the router without DF"},
  };
  for (const auto& [change, text] : changes) {
    MeasuredCase measured = healthy_case();
    change(measured);
    EXPECT_EQ(judged(measured).outcome, Outcome::fail) << text;
    EXPECT_EQ(judged(measured).text, text);
    measured.measured.capture_drops = 1;
    EXPECT_EQ(judged(measured).outcome, Outcome::fail) << text;
  }
}

MeasuredCase without_df() {
  MeasuredCase measured = healthy_case();
  measured.intent.flow.df = false;
  capture_of(measured).data_without_df = capture_of(measured).data_frames;
  capture_of(measured).egress_without_df = capture_of(measured).egress_data_frames;
  return measured;
}

TEST(DfPreserved, AFlowWithoutDfStaysWithout) {
  EXPECT_EQ(judged(without_df()).outcome, Outcome::pass);
  MeasuredCase measured = without_df();
  capture_of(measured).egress_without_df -= 7;
  EXPECT_EQ(judged(measured).outcome, Outcome::fail);
  EXPECT_EQ(judged(measured).text, "7 data frames left the router with a DF that the sender had not set");
}

TEST(DfPreserved, ASenderThatDidNotSetDfProvesNothing) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).data_without_df = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(measured).text, "1 data frames came to the router without DF");
}

// The router passed on what it was given.
TEST(DfPreserved, ASenderThatDidNotSetDfIsNotTheRoutersFault) {
  MeasuredCase measured = without_df();
  measured.intent.flow.df = true;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive) << judged(measured).text;
}

TEST(DfPreserved, IsInconclusiveWhenAnInputIsMissing) {
  for (Count LegMeasurements::*count :
       {&LegMeasurements::frag_oks, &LegMeasurements::frag_creates, &LegMeasurements::reassembly_requests}) {
    MeasuredCase measured = healthy_case();
    (measured.measured.*count).reset();
    EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
    EXPECT_EQ(judged(measured).text, "fragmentation counters are missing");
  }
  MeasuredCase measured = healthy_case();
  measured.measured.capture_drops = 1;
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
  measured.measured.capture.reset();
  EXPECT_EQ(judged(measured).outcome, Outcome::inconclusive);
}

TEST(DfPreserved, DoesNotPassWhenNoDataFrameWasSeenLeaving) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).egress_data_frames = 0;
  capture_of(measured).egress_payload_bytes = 0;
  EXPECT_NE(judged(measured).outcome, Outcome::pass);
}

}  // namespace
}  // namespace offlab
