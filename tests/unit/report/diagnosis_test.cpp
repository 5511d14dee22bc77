// What is said about each class.
#include "verdict/diagnosis.h"

#include <gtest/gtest.h>

#include "report/diagnosis_text.h"
#include "sample_run.h"

namespace offlab {
namespace {

TEST(Diagnosis, EveryFaultHasAnExplanationAndSomethingToDo) {
  for (const FaultClass fault : all_fault_classes()) {
    const Diagnosis diagnosis = diagnose(fault);
    EXPECT_FALSE(diagnosis.what.empty()) << to_string(fault);
    if (fault == FaultClass::healthy || fault == FaultClass::legit_pmtud) continue;
    EXPECT_FALSE(diagnosis.counters.empty()) << to_string(fault);
    EXPECT_FALSE(diagnosis.remedies.empty()) << to_string(fault);
  }
}

TEST(Diagnosis, AStormNamesTheSettingsOfTheGuestOfKvmAndOfEsxi) {
  const std::string text = describe(diagnose(FaultClass::lro_orphan_storm));
  for (const char* word : {"ethtool -K NIC lro off", "ethtool -K TAP tso off", "VmxnetSwLROSL", "Vmxnet3SwLRO",
                           "Vmxnet3HwLRO", "Vmxnet2SwLRO", "Vmxnet2HwLRO"})
    EXPECT_NE(text.find(word), std::string::npos) << word;
}

TEST(Diagnosis, TheCostIsThatOfTheRun) {
  CaseResult storm = sample_run().cases[0];
  EXPECT_NE(diagnose(storm).cost.find("400 Mbit/s with LRO off in the guest and on the hypervisor"), std::string::npos);
  storm.control.reset();
  EXPECT_EQ(diagnose(storm).cost, "");
}

CaseResult unknown_case(const std::string& reason) {
  return {.id = "one",
          .axes = {{"router.model", "e1000e"}, {"hypervisor.lro", "off"}},
          .outcome = Outcome::fail,
          .forwarding = Outcome::fail,
          .fault_class = FaultClass::unknown,
          .reason = reason};
}

TEST(Diagnosis, OfAnUnknownFaultSaysWhatDiffersFromTheControl) {
  EXPECT_NE(describe(diagnose(unknown_case(""))).find("router.model=e1000e, hypervisor.lro=off"), std::string::npos);
}

TEST(Diagnosis, NeverAdvisesAControlThatIsBadAsWell) {
  const std::string text = describe(diagnose(unknown_case(std::string(control_is_bad) + "coverage: lost")));
  EXPECT_NE(text.find("not healthy either"), std::string::npos);
  EXPECT_EQ(text.find("compare with"), std::string::npos);
}

TEST(Diagnosis, OfABlackHoleOfCoalescedPacketsCuresTheCoalescingFirst) {
  LegMeasurements leg;
  leg.capture = CaptureMeasurements();
  EXPECT_EQ(diagnose(FaultClass::pmtud_blackhole, &leg).remedies.front().where, "network");
  leg.capture->forwarding.passages = {{1536, 40, 0}, {0, 12, 12}};
  const Diagnosis diagnosis = diagnose(FaultClass::pmtud_blackhole, &leg);
  EXPECT_EQ(diagnosis.remedies.front().where, "KVM");
  EXPECT_NE(diagnosis.what.find("an MSS clamp does not help"), std::string::npos);
}

}  // namespace
}  // namespace offlab
