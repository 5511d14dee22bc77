#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_duplicates(const LegEvidence& evidence) {
  Finding finding{Invariant::duplicates, Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  finding.value = static_cast<double>(seen.duplicates);
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  if (seen.duplicates > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("{} packets left the router more often than they came in", seen.duplicates);
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
  } else {
    finding.text = "no packet left the router more often than it came in";
  }
  return finding;
}

}  // namespace offlab
