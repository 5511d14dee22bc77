#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_coverage(const LegEvidence& evidence) {
  Finding finding{"coverage", Outcome::pass, std::nullopt, evidence.intent.limits.coverage, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const std::uint64_t lost = seen.forwarding.lost_bytes;
  if (!seen.has_egress) return inconclusive(finding.invariant, egress_gap(evidence.leg));
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  // Nothing acknowledged: everything that was lost is too much.
  finding.value = seen.acked_bytes == 0 ? (lost > 0 ? 1.0 : 0.0)
                                        : static_cast<double>(lost) / static_cast<double>(seen.acked_bytes);
  finding.text = fmt::format("{} of {} payload bytes that came in were not seen leaving within a second", lost,
                             seen.acked_bytes + lost);
  if (seen.forwarding.compared == 0 && seen.acked_bytes > 0 && seen.egress_fragments == 0)
    return inconclusive(finding.invariant, "nothing was seen leaving although the receiver acknowledged it");
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty())
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  if (*finding.value > *finding.limit) finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace offlab
