// From what was seen to the class of the fault.
#include "verdict/classify.h"

#include <gtest/gtest.h>

#include "measured_cases.h"

namespace offlab {
namespace {

FaultClass class_of(const MeasuredCase& measured) {
  const LegEvidence evidence{measured.intent, measured.measured, &measured.control, "", options()};
  return classify(evidence, judge_invariants(evidence));
}

TEST(Classify, NamesTheRecordedFaults) {
  EXPECT_EQ(class_of(healthy_case()), FaultClass::healthy);
  EXPECT_EQ(class_of(storm_case()), FaultClass::lro_orphan_storm);
  EXPECT_EQ(class_of(measured_case("smaller-client-mtu")), FaultClass::wrong_gso_size);
  EXPECT_EQ(class_of(measured_case("larger-upstream-mtu")), FaultClass::lro_orphan_storm);
}

TEST(Classify, GoesByTheMajorityOfRefusedPackets) {
  MeasuredCase measured = measured_case("smaller-client-mtu");  // 16 refused
  capture_of(measured).refused_longer_than_ingress_mtu = 9;
  EXPECT_EQ(class_of(measured), FaultClass::wrong_gso_size);
  capture_of(measured).refused_longer_than_ingress_mtu = 8;
  EXPECT_EQ(class_of(measured), FaultClass::lro_orphan_storm);
}

TEST(Classify, TrustsTheLroThatWasReadBackBeforeTheOneThatWasWanted) {
  MeasuredCase measured = measured_case("smaller-client-mtu");
  measured.measured.ingress_lro = false;
  EXPECT_EQ(class_of(measured), FaultClass::lro_orphan_storm);
  measured.measured.ingress_lro.reset();
  EXPECT_EQ(class_of(measured), FaultClass::wrong_gso_size);
  measured.intent.hops.at(0).ingress_lro = false;
  EXPECT_EQ(class_of(measured), FaultClass::lro_orphan_storm);
}

// LRO was cleared while packets were merged: with equal MTUs no guess of the driver is too long.
TEST(Classify, RefusalsAfterASwitchNobodyAskedForAreNoWrongGuess) {
  MeasuredCase measured = storm_case();
  measured.measured.ingress_lro = true;
  EXPECT_EQ(class_of(measured), FaultClass::wrong_gso_size);
  measured.measured.differences = {{NicRef{"router", "wan"}, "large-receive-offload", "on", "off", "after"}};
  EXPECT_EQ(class_of(measured), FaultClass::unknown);
  capture_of(measured).smallest_advertised_mtu = 1400;
  EXPECT_EQ(class_of(measured), FaultClass::wrong_gso_size);
}

TEST(Classify, AFailureWithoutASignatureIsUnknown) {
  MeasuredCase measured = healthy_case();
  measured.measured.kernel_complaints = {"router: wan: hw csum failure"};
  EXPECT_EQ(class_of(measured), FaultClass::unknown);
}

TEST(Classify, ARefusalNeedsTheWireAndNoCounterAgainstIt) {
  MeasuredCase measured = storm_case();
  measured.measured.frag_fails.reset();  // as in a capture that somebody else made
  EXPECT_EQ(class_of(measured), FaultClass::lro_orphan_storm);
  measured.measured.frag_fails = 0;
  EXPECT_EQ(class_of(measured), FaultClass::unknown);
  measured = storm_case();
  measured.measured.frag_needed_router = 0;
  EXPECT_EQ(class_of(measured), FaultClass::unknown);
  measured = storm_case();
  measured.measured.capture.reset();
  measured.measured.kernel_complaints = {"router: wan: bad gso"};
  EXPECT_EQ(class_of(measured), FaultClass::unknown);
}

}  // namespace
}  // namespace offlab
