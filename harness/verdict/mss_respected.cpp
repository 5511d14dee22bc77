#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_mss_respected(const LegEvidence& evidence) {
  Finding finding{Invariant::mss_respected, Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  finding.value = static_cast<double>(seen.above_segment);
  if (seen.above_segment > 0) {
    finding.outcome = Outcome::fail;
    finding.text =
        fmt::format("{} packets left the router with up to {} B of payload, the receiver announced an MSS of {}",
                    seen.above_segment, seen.longest_payload, seen.announced_segment.value_or(0));
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    return finding;
  }
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  if (!seen.announced_segment) return inconclusive(finding.invariant, "the capture has no SYN of the receiver");
  finding.text = fmt::format("no packet left with more than {} B of payload, the receiver announced an MSS of {}",
                             seen.longest_payload, *seen.announced_segment);
  return finding;
}

}  // namespace offlab
