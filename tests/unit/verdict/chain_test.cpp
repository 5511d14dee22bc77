// Several devices under test: which one is at fault, and what is said about the others.
#include <gtest/gtest.h>

#include "unit/verdict/measured_cases.h"

namespace offlab {
namespace {

// Two routers: what the recorded legs of these cases say at the first and at the second.
MeasuredCase chain(const MeasuredCase& first, const MeasuredCase& second) {
  MeasuredCase both = first;
  both.intent.hops.push_back(second.intent.hops.at(0));
  both.control_intent.hops.push_back(second.control_intent.hops.at(0));
  for (LegIntent* intent : {&both.intent, &both.control_intent}) {
    intent->hops.at(0).hop.router = "r1";
    intent->hops.at(1).hop.router = "r2";
  }
  both.control = healthy_case().control;
  both.later_measured = {second.measured};
  both.later_control = {healthy_case().control};
  return both;
}

const Finding& at(const CaseResult& result, const std::string& device, Invariant invariant) {
  for (const Finding& finding : result.findings)
    if (finding.device == device && finding.invariant == invariant) return finding;
  throw std::logic_error("no such finding");
}

TEST(Chain, TheSecondRouterIsNamedWhenTheFirstIsHealthy) {
  const CaseResult result = judge_case(chain(healthy_case(), storm_case()), options(), Question::healthy);
  EXPECT_EQ(result.forwarding, Outcome::fail);
  EXPECT_EQ(result.fault_class, FaultClass::lro_orphan_storm);
  EXPECT_EQ(result.device, "r2");
  EXPECT_EQ(at(result, "r1", Invariant::bogus_frag_needed).outcome, Outcome::pass);
  EXPECT_EQ(at(result, "r2", Invariant::bogus_frag_needed).outcome, Outcome::fail);
  EXPECT_EQ(result.measured, storm_case().measured);
  EXPECT_EQ(result.devices.size(), 2U);
}

TEST(Chain, TheFirstRouterIsNamedWhateverTheSecondSees) {
  const CaseResult result = judge_case(chain(storm_case(), storm_case()), options(), Question::healthy);
  EXPECT_EQ(result.device, "r1");
  EXPECT_EQ(at(result, "r2", Invariant::bogus_frag_needed).outcome, Outcome::fail);
}

TEST(Chain, WithoutASignatureTheRouterThatLosesDataIsNamed) {
  MeasuredCase losing = healthy_case();
  losing.measured.nic_errors = {"r2 wan: rx_long_length_errors +68"};
  losing.measured.kernel_complaints = {};
  capture_of(losing).egress_payload_bytes = capture_of(losing).data_payload_bytes / 2;
  MeasuredCase both = chain(healthy_case(), losing);
  both.measured.kernel_complaints = {"r2: bad gso"};  // something must be violated for there to be a fault
  const CaseResult result = judge_case(both, options(), Question::healthy);
  EXPECT_EQ(result.fault_class, FaultClass::unknown);
  EXPECT_EQ(result.device, "r2");
}

TEST(Chain, NobodyIsNamedWhenAllAreHealthy) {
  const CaseResult result = judge_case(chain(healthy_case(), healthy_case()), options(), Question::healthy);
  EXPECT_EQ(result.forwarding, Outcome::pass);
  EXPECT_EQ(result.device, "");
}

TEST(Chain, AFindingNamesNoDeviceWhenThereIsOnlyOne) {
  const CaseResult result = judge_case(storm_case(), options(), Question::healthy);
  for (const Finding& finding : result.findings) EXPECT_EQ(finding.device, "");
  EXPECT_EQ(result.device, "");
}

}  // namespace
}  // namespace offlab
