// Retransmissions and throughput: each against the control, and a failure only together.
#include <algorithm>

#include <gtest/gtest.h>

#include "measured_cases.h"
#include "verdict/filled_queue.h"

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
  set_goodput(measured.measured, bps);
  set_goodput(measured.control, control_bps);
  return measured;
}

TEST(Retransmits, AreAllowedHalfAPercent) {
  const Finding finding = judged(Invariant::retransmits, with_retransmits(50, 0));
  EXPECT_EQ(finding.invariant, Invariant::retransmits);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.value, 0.005);
  EXPECT_EQ(finding.limit, 0.005);
  EXPECT_EQ(finding.text, "the sender retransmitted 50 of 10000 segments (0.50 %, control 0.00 %)");
  EXPECT_EQ(judged(Invariant::retransmits, with_retransmits(51, 0)).outcome, Outcome::fail);
}

TEST(Retransmits, AreAllowedThreeTimesTheControl) {
  EXPECT_EQ(judged(Invariant::retransmits, with_retransmits(299, 100)).outcome, Outcome::pass);
  EXPECT_EQ(judged(Invariant::retransmits, with_retransmits(301, 100)).outcome, Outcome::fail);
  EXPECT_NEAR(*judged(Invariant::retransmits, with_retransmits(299, 100)).limit, 0.03, 1e-12);
}

TEST(Retransmits, AreInconclusiveWithoutTheCounters) {
  MeasuredCase measured = healthy_case();
  measured.measured.retransmitted_segments.reset();
  EXPECT_EQ(judged(Invariant::retransmits, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::retransmits, measured).text, "the sender's TCP counters are missing");
  measured = healthy_case();
  measured.control.sent_segments.reset();
  EXPECT_EQ(judged(Invariant::retransmits, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::retransmits, measured).text, "the control's TCP counters are missing");
}

TEST(ThroughputFloor, IsHalfOfTheControlUnlessTheFileSaysOtherwise) {
  const Finding finding = judged(Invariant::throughput_floor, with_goodput(50.1e6, 100e6));
  EXPECT_EQ(finding.invariant, Invariant::throughput_floor);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_NEAR(*finding.value, 0.501, 1e-9);
  EXPECT_EQ(finding.limit, 0.5);
  EXPECT_EQ(finding.text, "goodput 50.1 Mbit/s, control 100 Mbit/s: 50 % of the control, 95 % interval 50..50 %");
  EXPECT_EQ(judged(Invariant::throughput_floor, with_goodput(49e6, 100e6)).outcome, Outcome::fail);
  MeasureOptions strict = options();
  strict.throughput_floor = 0.9;
  const MeasuredCase measured = with_goodput(89e6, 100e6);
  EXPECT_EQ(judge_invariant(row_of(Invariant::throughput_floor),
                            {measured.intent, measured.measured, &measured.control, "", strict})
                .outcome,
            Outcome::fail);
}

// Half a second at one rate, half a second at another, and so on.
void set_rates(LegMeasurements& leg, const std::vector<double>& rates) {
  leg.intervals.clear();
  for (std::size_t i = 0; i < rates.size(); ++i)
    leg.intervals.push_back({static_cast<double>(i) * 0.5, 0.5, rates[i], false});
}

TEST(ThroughputFloor, IsInconclusiveWhileTheIntervalHoldsIt) {
  MeasuredCase measured = with_goodput(55e6, 100e6);
  set_rates(measured.measured, {40e6, 70e6, 40e6, 70e6, 55e6});
  const Finding finding = judged(Invariant::throughput_floor, measured);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  ASSERT_TRUE(finding.interval);
  EXPECT_LT(finding.interval->low, 0.5);
  EXPECT_GT(finding.interval->high, 0.5);
  EXPECT_NE(finding.text.find("; the limit of 50 % is inside of it"), std::string::npos) << finding.text;
  // The other rounds count as well.
  for (int round = 0; round < 3; ++round) {
    measured.measured.other_rounds.push_back({{0, 0.5, 58e6, false}, {0.5, 0.5, 60e6, false}, {1, 0.5, 59e6, false}});
    measured.control.other_rounds.push_back({{0, 0.5, 100e6, false}, {0.5, 0.5, 99e6, false}, {1, 0.5, 101e6, false}});
  }
  EXPECT_EQ(judged(Invariant::throughput_floor, measured).outcome, Outcome::pass);
}

TEST(ThroughputFloor, IsInconclusiveWhenTheSamplesSayTooLittle) {
  MeasuredCase measured = with_goodput(90e6, 100e6);
  set_rates(measured.measured, {90e6});
  EXPECT_EQ(judged(Invariant::throughput_floor, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::throughput_floor, measured).text,
            "goodput 90.0 Mbit/s, control 100 Mbit/s; too few or too uneven samples to compare them");
}

TEST(ThroughputFloor, IsInconclusiveWithoutAControlToCompareWith) {
  EXPECT_EQ(judged(Invariant::throughput_floor, healthy_case(), "kernel-log: 1 complaint").outcome,
            Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::throughput_floor, healthy_case(), "kernel-log: 1 complaint").text,
            "the control did not behave: kernel-log: 1 complaint");
  EXPECT_EQ(judged(Invariant::throughput_floor, with_goodput(50e6, std::nullopt)).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::throughput_floor, with_goodput(50e6, 0)).outcome, Outcome::inconclusive);
}

TEST(ThroughputFloor, IsInconclusiveWithoutGoodput) {
  MeasuredCase measured = with_goodput(std::nullopt, 100e6);
  measured.measured.transfer_failure = "iperf3 exited with status 1";
  EXPECT_EQ(judged(Invariant::throughput_floor, measured).outcome, Outcome::inconclusive);
  EXPECT_EQ(judged(Invariant::throughput_floor, measured).text, "no goodput: iperf3 exited with status 1");
}

TEST(ThroughputFloor, NothingAtAllIsBelowIt) {
  EXPECT_EQ(judged(Invariant::throughput_floor, with_goodput(0, 100e6)).outcome, Outcome::fail);
}

Finding finding_of(const MeasuredCase& measured, Invariant invariant) {
  const auto findings = judge_invariants({measured.intent, measured.measured, &measured.control, "", options(), 0,
                                          measured.reference ? &*measured.reference : nullptr});
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.invariant == invariant; });
  return found == findings.end() ? inconclusive(invariant, "not judged") : *found;
}

TEST(Statistical, BothTogetherAreAFailure) {
  MeasuredCase measured = with_retransmits(500, 0);
  set_goodput(measured.measured, 1e6);
  EXPECT_EQ(finding_of(measured, Invariant::retransmits).outcome, Outcome::fail);
  EXPECT_EQ(finding_of(measured, Invariant::throughput_floor).outcome, Outcome::fail);
}

TEST(Statistical, RetransmitsAloneAreAWarning) {
  const Finding finding = finding_of(with_retransmits(500, 0), Invariant::retransmits);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_TRUE(finding.warning);
  EXPECT_NE(finding.text.find("; counts as a failure only together with throughput-floor"), std::string::npos);
}

TEST(Statistical, LowThroughputAloneIsAWarning) {
  const Finding finding = finding_of(with_goodput(1e6, 100e6), Invariant::throughput_floor);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_TRUE(finding.warning);
  EXPECT_NE(finding.text.find("; counts as a failure only together with retransmits"), std::string::npos);
}

TEST(Statistical, OneThatIsInconclusiveStaysSo) {
  MeasuredCase measured = with_retransmits(500, 0);
  set_goodput(measured.measured, std::nullopt);
  EXPECT_EQ(finding_of(measured, Invariant::throughput_floor).outcome, Outcome::inconclusive);
  EXPECT_EQ(finding_of(measured, Invariant::retransmits).outcome, Outcome::pass);
  EXPECT_TRUE(finding_of(measured, Invariant::retransmits).warning);
}

// The same ends without the router.
MeasuredCase with_reference(double bps, std::uint64_t retransmits) {
  MeasuredCase measured = with_retransmits(0, 0);
  measured.reference = measured.control;
  measured.reference->capture.reset();
  set_goodput(*measured.reference, bps);
  measured.reference->retransmitted_segments = retransmits;
  return measured;
}

TEST(Reference, IsNotJudgedWithoutSuchALeg) {
  EXPECT_EQ(finding_of(healthy_case(), Invariant::reference_floor).text, "not judged");
}

TEST(Reference, ARouterMayCarryATenthOfWhatTheEndsDo) {
  MeasuredCase measured = with_reference(1e9, 0);
  set_goodput(measured.measured, 101e6);
  const Finding finding = judged(Invariant::reference_floor, measured);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_EQ(finding.limit, 0.1);
  EXPECT_NEAR(*finding.value, 0.101, 1e-9);
  EXPECT_EQ(finding.text,
            "goodput 101 Mbit/s, without the router 1.00 Gbit/s: 10.1 % of it, 95 % interval 10.1..10.1 %");
  set_goodput(measured.measured, 99e6);
  EXPECT_EQ(judged(Invariant::reference_floor, measured).outcome, Outcome::fail);
}

TEST(FilledQueue, IsFilledByAllThatGoesThroughItTogether) {
  LegMeasurements leg = healthy_case().measured;
  leg.drops = {{"qdisc tbf on wan", 20, DropKind::queue, 10e6}};
  leg.capture->seconds = 1;
  leg.capture->egress_payload_bytes = 4'000'000 / 8;
  EXPECT_EQ(filled_queue(leg, 1), nullptr);
  leg.background = {
      .connections = 1, .seconds = 2, .acknowledged_bytes = 10'000'000 / 8, .sender = BackgroundSender::udp};
  EXPECT_NE(filled_queue(leg, 1), nullptr);
  leg.background->opposite = true;
  EXPECT_EQ(filled_queue(leg, 1), nullptr);
}

TEST(Reference, AShaperThatTheTransferFillsIsMeantToBeSlow) {
  MeasuredCase measured = with_reference(1e9, 0);
  set_goodput(measured.measured, 9e6);
  measured.measured.drops = {{"qdisc tbf on wan", 20, DropKind::queue, 10e6}};
  measured.measured.capture->seconds = 1;
  measured.measured.capture->egress_payload_bytes = 9'000'000 / 8;
  const Finding finding = judged(Invariant::reference_floor, measured);
  EXPECT_EQ(finding.outcome, Outcome::pass);
  EXPECT_NE(finding.text.find("; the traffic fills the rate of qdisc tbf on wan (10.0 Mbit/s)"), std::string::npos)
      << finding.text;
  measured.measured.capture->egress_payload_bytes /= 2;
  EXPECT_EQ(judged(Invariant::reference_floor, measured).outcome, Outcome::fail);
}

TEST(Reference, ALegThatCarriedNothingWithoutTheRouterEitherIsInconclusive) {
  MeasuredCase measured = with_reference(1e9, 0);
  set_goodput(*measured.reference, std::nullopt);
  measured.reference->transfer_failure = "unable to connect to server";
  const Finding finding = judged(Invariant::reference_floor, measured);
  EXPECT_EQ(finding.outcome, Outcome::inconclusive);
  EXPECT_EQ(finding.text, "nothing came through without the router either: unable to connect to server");
}

// A router that is bad with and without merging.
TEST(Reference, TheControlExcusesNoRetransmissionsThatTheEndsAloneDoNotHave) {
  MeasuredCase measured = with_retransmits(300, 300);
  EXPECT_EQ(judged(Invariant::retransmits, measured).outcome, Outcome::pass);
  measured.reference = with_reference(1e9, 1).reference;
  const Finding finding = judged(Invariant::retransmits, measured);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.text,
            "the sender retransmitted 300 of 10000 segments (3.00 %, control 3.00 %, without the router 0.01 %)");
  set_goodput(measured.measured, 50e6);
  set_goodput(measured.control, 50e6);
  EXPECT_EQ(finding_of(measured, Invariant::throughput_floor).outcome, Outcome::pass);
  EXPECT_EQ(finding_of(measured, Invariant::reference_floor).outcome, Outcome::fail);
  EXPECT_EQ(finding_of(measured, Invariant::retransmits).outcome, Outcome::fail);
}

TEST(Reference, ReorderingThatTcpSuffersFromIsAFault) {
  MeasuredCase measured = with_retransmits(300, 300);
  measured.measured.capture->forwarding.first_out = 1000;
  measured.measured.capture->forwarding.late_out = 20;
  EXPECT_TRUE(judged(Invariant::reordering, measured).warning);
  measured.reference = with_reference(1e9, 0).reference;
  const Finding finding = judged(Invariant::reordering, measured);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_NE(finding.text.find("; TCP takes them for lost: the sender retransmitted 3.00 % of the segments, without the "
                              "router 0.00 %"),
            std::string::npos)
      << finding.text;
  EXPECT_EQ(judge_case(measured, options(), Question::healthy).fault_class, FaultClass::reordering);
  measured.reference->retransmitted_segments = 200;  // the ends alone do not do much better
  EXPECT_TRUE(judged(Invariant::reordering, measured).warning);
}

// They are one observation, not two.
TEST(Reference, LowGoodputByBothMeasuresIsAWarning) {
  MeasuredCase measured = with_reference(1e9, 0);
  set_goodput(measured.measured, 10e6);
  set_goodput(measured.control, 500e6);
  for (const Invariant one : {Invariant::throughput_floor, Invariant::reference_floor}) {
    const Finding finding = finding_of(measured, one);
    EXPECT_EQ(finding.outcome, Outcome::pass) << to_string(one);
    EXPECT_TRUE(finding.warning) << to_string(one);
    EXPECT_NE(finding.text.find("; counts as a failure only together with retransmits"), std::string::npos);
  }
}

}  // namespace
}  // namespace offlab
