#include "verdict/fault_layer.h"

#include "verdict/classify.h"

namespace offlab {
namespace {

// Coalesced packets without a segment size: the driver's LRO makes them where it is on, the hypervisor otherwise.
FaultLayer layer_that_coalesces(const LegMeasurements* leg) {
  return leg != nullptr && leg->ingress_lro == true ? FaultLayer::guest : FaultLayer::hypervisor;
}

FaultLayer layer_that_fragments(const LegMeasurements* leg) {
  const bool coalesced = leg == nullptr || !leg->capture || leg->capture->superframes > 0;
  return coalesced ? layer_that_coalesces(leg) : FaultLayer::router;
}

FaultLayer layer_of_black_hole(const LegMeasurements* leg) {
  return leg != nullptr && leg->capture && leg->capture->bogus > 0 ? layer_that_coalesces(leg) : FaultLayer::network;
}

}  // namespace

std::optional<FaultLayer> layer_of(FaultClass fault, const LegMeasurements* leg) {
  switch (fault) {
    case FaultClass::lro_orphan_storm:
      return layer_that_coalesces(leg);
    case FaultClass::wrong_gso_size:
    case FaultClass::resegmentation:
      return FaultLayer::guest;
    case FaultClass::silent_refragmentation:
      return layer_that_fragments(leg);
    case FaultClass::silent_size_drop:
      return leg != nullptr && drops_merged_inside(*leg) ? FaultLayer::router : FaultLayer::nic;
    case FaultClass::checksum_leak:
      return FaultLayer::nic;
    case FaultClass::pmtud_blackhole:
      return layer_of_black_hole(leg);
    case FaultClass::packet_loss:
    case FaultClass::reordering:
    case FaultClass::no_connection:
    case FaultClass::connection_reset:
      return FaultLayer::router;
    case FaultClass::healthy:
    case FaultClass::legit_pmtud:
    case FaultClass::unknown:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace offlab
