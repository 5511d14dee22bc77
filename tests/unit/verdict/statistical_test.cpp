// Retransmissions and throughput: each against the control, and a failure only together.
#include <algorithm>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

MeasuredCase with_retransmits(std::uint64_t count, std::uint64_t control_count) {
  MeasuredCase measured = healthy_case();
  measured.measured.sent_segments = 10'000;
  measured.measured.retransmitted_segments = count;
  measured.control.sent_segments = 10'000;
  measured.control.retransmitted_segments = control_count;
  return measured;
}

MeasuredCase with_goodput(std::optional<double> bps, std::optional<double> control_bps) {
  MeasuredCase measured = healthy_case();
  measured.measured.goodput_bps = bps;
  measured.control.goodput_bps = control_bps;
  return measured;
}

TEST(Retransmits, AreAllowedHalfAPercent) {
  const Finding finding = judged(judge_retransmits, with_retransmits(50, 0));
  EXPECT_EQ(finding.invariant, "retransmits");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0.005);
  EXPECT_EQ(finding.limit, 0.005);
  EXPECT_EQ(finding.text, "the sender retransmitted 50 of 10000 segments (0.50 %, control 0.00 %)");
  EXPECT_EQ(judged(judge_retransmits, with_retransmits(51, 0)).outcome, Outcome::fail);
}

TEST(Retransmits, AreAllowedThreeTimesTheControl) {
  EXPECT_EQ(judged(judge_retransmits, with_retransmits(299, 100)).outcome, Outcome::pass);
  EXPECT_EQ(judged(judge_retransmits, with_retransmits(301, 100)).outcome, Outcome::fail);
  EXPECT_NEAR(*judged(judge_retransmits, with_retransmits(299, 100)).limit, 0.03, 1e-12);
}

TEST(Retransmits, AreInconclusiveWithoutTheCounters) {
  MeasuredCase measured = healthy_case();
  measured.measured.retransmitted_segments.reset();
  EXPECT_EQ(judged(judge_retransmits, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(judge_retransmits, measured).text, "the sender's TCP counters are missing");
  measured = healthy_case();
  measured.control.sent_segments.reset();
  EXPECT_EQ(judged(judge_retransmits, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(judge_retransmits, measured).text, "the control's TCP counters are missing");
}

TEST(ThroughputFloor, IsHalfOfTheControlUnlessTheFileSaysOtherwise) {
  const Finding finding = judged(judge_throughput_floor, with_goodput(50e6, 100e6));
  EXPECT_EQ(finding.invariant, "throughput-floor");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0.5);
  EXPECT_EQ(finding.limit, 0.5);
  EXPECT_EQ(finding.text, "goodput 50.0 Mbit/s, control 100 Mbit/s (50 %)");
  EXPECT_EQ(judged(judge_throughput_floor, with_goodput(49e6, 100e6)).outcome, Outcome::fail);
  MeasureOptions strict = options();
  strict.throughput_floor = 0.9;
  const MeasuredCase measured = with_goodput(89e6, 100e6);
  EXPECT_EQ(judge_throughput_floor({measured.intent, measured.measured, &measured.control, "", strict}).outcome,
            Outcome::fail);
}

TEST(ThroughputFloor, IsInconclusiveWithoutAControlToCompareWith) {
  EXPECT_EQ(judged(judge_throughput_floor, healthy_case(), "kernel-log: 1 complaint").outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(judge_throughput_floor, healthy_case(), "kernel-log: 1 complaint").text,
            "the control did not behave: kernel-log: 1 complaint");
  EXPECT_EQ(judged(judge_throughput_floor, with_goodput(50e6, std::nullopt)).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(judge_throughput_floor, with_goodput(50e6, 0)).outcome, Outcome::inconclusive);
}

TEST(ThroughputFloor, IsInconclusiveWithoutGoodput) {
  MeasuredCase measured = with_goodput(std::nullopt, 100e6);
  measured.measured.transfer_failure = "iperf3 exited with status 1";
  EXPECT_EQ(judged(judge_throughput_floor, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(judge_throughput_floor, measured).text, "no goodput: iperf3 exited with status 1");
}

TEST(ThroughputFloor, NothingAtAllIsBelowIt) {
  EXPECT_EQ(judged(judge_throughput_floor, with_goodput(0, 100e6)).outcome, Outcome::fail);
}

Finding finding_of(const MeasuredCase& measured, const std::string& name) {
  const auto findings = judge_invariants({measured.intent, measured.measured, &measured.control, "", options()});
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.invariant == name; });
  return found == findings.end() ? inconclusive(name, "not judged") : *found;
}

TEST(Statistical, BothTogetherAreAFailure) {
  MeasuredCase measured = with_retransmits(500, 0);
  measured.measured.goodput_bps = 1e6;
  EXPECT_EQ(finding_of(measured, "retransmits").outcome, Outcome::fail);
  EXPECT_EQ(finding_of(measured, "throughput-floor").outcome, Outcome::fail);
}

TEST(Statistical, RetransmitsAloneAreAWarning) {
  const Finding finding = finding_of(with_retransmits(500, 0), "retransmits");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_TRUE(finding.warning);
  EXPECT_NE(finding.text.find("; counts as a failure only together with throughput-floor"), std::string::npos);
}

TEST(Statistical, LowThroughputAloneIsAWarning) {
  const Finding finding = finding_of(with_goodput(1e6, 100e6), "throughput-floor");
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_TRUE(finding.warning);
  EXPECT_NE(finding.text.find("; counts as a failure only together with retransmits"), std::string::npos);
}

TEST(Statistical, OneThatIsInconclusiveStaysSo) {
  MeasuredCase measured = with_retransmits(500, 0);
  measured.measured.goodput_bps.reset();
  EXPECT_EQ(finding_of(measured, "throughput-floor").outcome, Outcome::inconclusive);
  EXPECT_EQ(finding_of(measured, "retransmits").outcome, Outcome::pass);
  EXPECT_TRUE(finding_of(measured, "retransmits").warning);
}

}  // namespace
}  // namespace offlab
