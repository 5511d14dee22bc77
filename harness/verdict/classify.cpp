#include "verdict/classify.h"

#include <algorithm>

namespace offlab {
namespace {

// Refused packets whose segment size the driver had to guess: longer than the ingress MTU while LRO was on. All others
// reached the router's IP layer with no size at all.
FaultClass class_of_refusals(const LegEvidence& evidence) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const bool lro = evidence.leg.ingress_lro.value_or(evidence.device().ingress_lro);
  const std::uint64_t guessed = lro ? seen.refused_longer_than_ingress_mtu : 0;
  return guessed * 2 > seen.bogus ? FaultClass::wrong_gso_size : FaultClass::lro_orphan_storm;
}

// Part of what came in did not go out.
bool loses_data(const LegMeasurements& leg) {
  constexpr double enough = 0.98;
  return leg.capture && leg.capture->data_payload_bytes > 0 &&
         static_cast<double>(leg.capture->egress_payload_bytes) <
             enough * static_cast<double>(leg.capture->data_payload_bytes);
}

}  // namespace

FaultClass classify(const LegEvidence& evidence, const std::vector<Finding>& findings) {
  const bool failed =
      std::any_of(findings.begin(), findings.end(), [](const Finding& f) { return f.outcome == Outcome::fail; });
  if (!failed) return FaultClass::healthy;
  const LegMeasurements& leg = evidence.leg;
  const bool refused = leg.frag_fails.value_or(0) > 0 && leg.frag_needed_router.value_or(0) > 0;
  if (refused && leg.capture && leg.capture->bogus > 0) return class_of_refusals(evidence);
  return FaultClass::unknown;
}

Classification classify_path(const std::vector<LegEvidence>& devices, const std::vector<Finding>& findings) {
  std::optional<std::size_t> losing;
  FaultClass fault = FaultClass::healthy;
  for (std::size_t hop = 0; hop < devices.size(); ++hop) {
    fault = classify(devices[hop], findings);
    if (fault == FaultClass::healthy) return {fault, std::nullopt};
    if (fault != FaultClass::unknown) return {fault, hop};
    if (!losing && loses_data(devices[hop].leg)) losing = hop;
  }
  return {fault, losing};
}

}  // namespace offlab
