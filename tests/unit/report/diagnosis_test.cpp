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
  for (const char* word : {"ethtool -K NIC lro off", "host tso4='off'", "VmxnetSwLROSL", "Vmxnet3SwLRO", "Vmxnet3HwLRO",
                           "Vmxnet2SwLRO", "Vmxnet2HwLRO"})
    EXPECT_NE(text.find(word), std::string::npos) << word;
}

TEST(Diagnosis, TheCostIsThatOfTheRun) {
  CaseResult storm = sample_run().cases[0];
  EXPECT_NE(diagnose(storm).cost.find("400 Mbit/s with every merging layer off"), std::string::npos);
  storm.control.reset();
  EXPECT_EQ(diagnose(storm).cost, "");
}

}  // namespace
}  // namespace offlab
