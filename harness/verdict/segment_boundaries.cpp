#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_segment_boundaries(const LegEvidence& evidence) {
  Finding finding{Invariant::segment_boundaries, Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  finding.value = static_cast<double>(seen.cut_elsewhere);
  if (seen.cut_elsewhere > 0) {
    finding.text = fmt::format("{} of {} pieces left the router cut otherwise than they came in", seen.cut_elsewhere,
                               seen.compared);
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    finding.outcome = evidence.intent.limits.strict ? Outcome::fail : Outcome::pass;
    finding.warning = !evidence.intent.limits.strict;
    return finding;
  }
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text = fmt::format("all {} pieces left the router cut as they came in", seen.compared);
  return finding;
}

}  // namespace offlab
