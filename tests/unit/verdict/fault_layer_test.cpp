// The layer that a fault is in.
#include "verdict/fault_layer.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

TEST(FaultLayer, OfAStormIsWhereThePacketsAreCoalesced) {
  LegMeasurements leg;
  leg.ingress_lro = false;
  EXPECT_EQ(layer_of(FaultClass::lro_orphan_storm, &leg), FaultLayer::hypervisor);
  leg.ingress_lro = true;
  EXPECT_EQ(layer_of(FaultClass::lro_orphan_storm, &leg), FaultLayer::guest);
}

TEST(FaultLayer, OfABlackHoleDependsOnWhatWasRefused) {
  LegMeasurements leg;
  leg.capture.emplace();
  EXPECT_EQ(layer_of(FaultClass::pmtud_blackhole, &leg), FaultLayer::network);
  leg.capture->bogus = 3;
  EXPECT_EQ(layer_of(FaultClass::pmtud_blackhole, &leg), FaultLayer::hypervisor);
}

TEST(FaultLayer, IsNotNamedWhereNothingIsWrongOrNobodyCanTell) {
  EXPECT_FALSE(layer_of(FaultClass::healthy, nullptr));
  EXPECT_FALSE(layer_of(FaultClass::legit_pmtud, nullptr));
  EXPECT_FALSE(layer_of(FaultClass::unknown, nullptr));
}

TEST(FaultLayer, HasAWordThatIsReadBack) {
  for (const FaultClass fault : all_fault_classes()) {
    const auto layer = layer_of(fault, nullptr);
    if (layer) {
      EXPECT_EQ(parse_fault_layer(to_string(*layer)), layer);
    }
  }
  EXPECT_FALSE(parse_fault_layer("cable"));
}

}  // namespace
}  // namespace offlab
