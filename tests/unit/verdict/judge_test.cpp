// What the findings of a case add up to.
#include "verdict/judge.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

using Names = std::vector<std::string>;

CaseResult judged_case(const MeasuredCase& measured, Question question = Question::healthy) {
  return judge_case(measured, options(), question);
}

const StateDifference healed = {"tap router-wan", "tx-tcp-segmentation", "on", "off", "after", true};

Names names_of(const std::vector<Finding>& findings) {
  Names names;
  for (const Finding& finding : findings) names.emplace_back(to_string(finding.invariant));
  return names;
}

// All that are judged of a leg in a run without a reference, in the order of the contract.
Names judged_of_a_leg() {
  Names names;
  for (const InvariantRow& row : invariant_rows())
    if (row.scope != InvariantScope::run && !needs(row, Need::reference)) names.emplace_back(to_string(row.id));
  return names;
}

TEST(JudgeInvariants, ReportsThemInOrder) {
  EXPECT_EQ(names_of(judged_case(healthy_case()).findings), judged_of_a_leg());
}

TEST(JudgeInvariants, AControlIsNotComparedWithItself) {
  const MeasuredCase measured = healthy_case();
  Names names = judged_of_a_leg();
  EXPECT_EQ(std::erase(names, "retransmits") + std::erase(names, "throughput-floor"), 2U);
  EXPECT_EQ(names_of(judge_invariants({measured.control_intent, measured.control, nullptr, "", options()})), names);
}

TEST(JudgeCase, AHealthyCasePasses) {
  const CaseResult result = judged_case(healthy_case());
  EXPECT_EQ(result.outcome, Outcome::pass);
  EXPECT_EQ(result.forwarding, Outcome::pass);
  EXPECT_EQ(result.fault_class, FaultClass::healthy);
  EXPECT_EQ(result.reason, "");
  EXPECT_EQ(result.id, "control-lro-on");
  EXPECT_EQ(result.axes, (std::vector<SettingText>{{"router.lro", "on"}}));
  EXPECT_EQ(result.measured, healthy_case().measured);
  EXPECT_EQ(result.control, healthy_case().control);
}

TEST(JudgeCase, AStormFails) {
  const CaseResult result = judged_case(storm_case());
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.forwarding, Outcome::fail);
  EXPECT_EQ(result.fault_class, FaultClass::lro_orphan_storm);
}

TEST(JudgeCase, AHealedInjectionMakesEvenAFailInconclusive) {
  MeasuredCase measured = storm_case();
  measured.measured.differences = {healed};
  const CaseResult result = judged_case(measured);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.forwarding, Outcome::inconclusive);
  EXPECT_EQ(result.fault_class, std::nullopt);
  EXPECT_EQ(result.reason.rfind("state-held: tap router-wan", 0), 0U) << result.reason;
}

TEST(JudgeCase, AFailIsNotHiddenByWhatIsInconclusive) {
  MeasuredCase measured = storm_case();
  measured.control.goodput_bps.reset();
  measured.measured.kernel_logs_read = false;
  EXPECT_EQ(judged_case(measured).outcome, Outcome::fail);
  EXPECT_EQ(judged_case(measured).fault_class, FaultClass::lro_orphan_storm);
}

TEST(JudgeCase, OneInconclusiveInvariantIsNoPass) {
  MeasuredCase measured = healthy_case();
  measured.measured.kernel_logs_read = false;
  const CaseResult result = judged_case(measured);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.fault_class, std::nullopt);
  EXPECT_EQ(result.reason, "kernel-log: a kernel log could not be read");
}

TEST(JudgeCase, AControlThatFailsMakesAPassInconclusive) {
  MeasuredCase measured = healthy_case();
  measured.control.kernel_complaints = {"router: wan: hw csum failure"};
  const CaseResult result = judged_case(measured);
  EXPECT_EQ(result.outcome, Outcome::inconclusive);
  EXPECT_EQ(result.reason,
            "throughput-floor: the control did not behave: kernel-log: 1 complaints, the first: router: wan: hw csum "
            "failure");
}

TEST(JudgeCase, AControlThatIsInconclusiveMakesAPassInconclusive) {
  MeasuredCase measured = healthy_case();
  measured.control.missing = {"captures"};
  EXPECT_EQ(judged_case(measured).reason,
            "throughput-floor: the control did not behave: state-held: not read: captures");
  EXPECT_EQ(judged_case(measured).outcome, Outcome::inconclusive);
}

TEST(JudgeCase, AControlsFailComesBeforeWhatIsInconclusiveInIt) {
  MeasuredCase measured = healthy_case();
  measured.control.capture->data_frames = 0;
  measured.control.kernel_complaints = {"router: wan: hw csum failure"};
  EXPECT_NE(judged_case(measured).reason.find("kernel-log"), std::string::npos);
}

TEST(JudgeCase, LowThroughputAloneNeverFails) {
  MeasuredCase measured = healthy_case();
  set_goodput(measured.measured, 1e6);
  EXPECT_EQ(judged_case(measured).outcome, Outcome::pass);
  measured.measured.retransmitted_segments = *measured.measured.sent_segments / 10;
  EXPECT_EQ(judged_case(measured).outcome, Outcome::fail);
  EXPECT_EQ(judged_case(measured).fault_class, FaultClass::unknown);
}

TEST(JudgeCase, AnUnknownFaultIsExplainedByTheNicsErrors) {
  MeasuredCase measured = healthy_case();
  measured.measured.kernel_complaints = {"router: wan: hw csum failure"};
  EXPECT_EQ(judged_case(measured).reason, "");
  measured.measured.nic_errors = {"router wan: fcs +3", "router lan: fcs +1"};
  EXPECT_EQ(judged_case(measured).fault_class, FaultClass::unknown);
  EXPECT_EQ(judged_case(measured).reason, "the router's NICs counted errors: router wan: fcs +3, router lan: fcs +1");
}

TEST(JudgeCase, LostBytesAreToldWithTheNicsErrors) {
  MeasuredCase measured = healthy_case();
  capture_of(measured).forwarding.lost_bytes = capture_of(measured).acked_bytes / 50;
  const auto told = [&] {
    const CaseResult result = judged_case(measured);
    EXPECT_EQ(result.reason, "");
    const auto coverage = std::find_if(result.findings.begin(), result.findings.end(),
                                       [](const Finding& one) { return one.invariant == Invariant::coverage; });
    EXPECT_EQ(coverage->outcome, Outcome::fail);
    return coverage->text;
  };
  EXPECT_EQ(told().find("NICs"), std::string::npos);
  measured.measured.nic_errors = {"router wan: pkts rx OOB +7143"};
  EXPECT_NE(told().find("; meanwhile the NICs counted router wan: pkts rx OOB +7143"), std::string::npos) << told();
}

TEST(JudgeCase, NicErrorsAloneAreNoFault) {
  MeasuredCase measured = healthy_case();
  measured.measured.nic_errors = {"router wan: fcs +3"};
  EXPECT_EQ(judged_case(measured).outcome, Outcome::pass);
  EXPECT_EQ(judged_case(measured).reason, "");
}

TEST(VerifyQuestion, AKnownFaultThatIsStillThereIsAsExpected) {
  const CaseResult result = judged_case(storm_case(), Question::as_expected);
  EXPECT_EQ(result.outcome, Outcome::pass);
  EXPECT_EQ(result.forwarding, Outcome::fail);
  EXPECT_EQ(result.reason, "");
}

TEST(VerifyQuestion, AHealthyCaseIsExpectedUnlessTheFileSaysOtherwise) {
  EXPECT_EQ(judged_case(healthy_case(), Question::as_expected).outcome, Outcome::pass);
}

TEST(VerifyQuestion, AKnownFaultThatIsGoneIsAFail) {
  MeasuredCase measured = healthy_case();
  measured.expect = FaultClass::lro_orphan_storm;
  const CaseResult result = judged_case(measured, Question::as_expected);
  EXPECT_EQ(result.outcome, Outcome::fail);
  EXPECT_EQ(result.forwarding, Outcome::pass);
  EXPECT_EQ(result.reason, "expected lro-orphan-storm, found healthy");
}

TEST(VerifyQuestion, AnotherFaultThanTheKnownOneIsAFail) {
  MeasuredCase measured = storm_case();
  measured.expect = FaultClass::wrong_gso_size;
  EXPECT_EQ(judged_case(measured, Question::as_expected).outcome, Outcome::fail);
  EXPECT_EQ(judged_case(measured, Question::as_expected).reason, "expected wrong-gso-size, found lro-orphan-storm");
}

TEST(VerifyQuestion, WhatIsInconclusiveStaysSo) {
  MeasuredCase measured = storm_case();
  measured.measured.differences = {healed};
  EXPECT_EQ(judged_case(measured, Question::as_expected).outcome, Outcome::inconclusive);
  measured = healthy_case();
  measured.expect = FaultClass::lro_orphan_storm;
  measured.measured.kernel_logs_read = false;
  EXPECT_EQ(judged_case(measured, Question::as_expected).outcome, Outcome::inconclusive);
}

TEST(HealthyQuestion, DoesNotCareWhatTheFileExpects) {
  MeasuredCase measured = healthy_case();
  measured.expect = FaultClass::lro_orphan_storm;
  EXPECT_EQ(judged_case(measured, Question::healthy).outcome, Outcome::pass);
}

TEST(UnjudgedCase, HasAnOutcomeAReasonAndNoClass) {
  const CaseResult result =
      unjudged_case("x", {{"router.lro", "on"}}, FaultClass::healthy, Outcome::skip, "virtio has no LRO");
  EXPECT_EQ(result.outcome, Outcome::skip);
  EXPECT_EQ(result.forwarding, Outcome::skip);
  EXPECT_EQ(result.fault_class, std::nullopt);
  EXPECT_EQ(result.reason, "virtio has no LRO");
  EXPECT_EQ(result.measured, std::nullopt);
  EXPECT_TRUE(result.findings.empty());
}

}  // namespace
}  // namespace offlab
