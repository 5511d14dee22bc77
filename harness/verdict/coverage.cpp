#include <fmt/format.h>

#include "verdict/invariant.h"
#include "verdict/lost_sizes.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const std::uint64_t lost = seen.forwarding.lost_bytes;
  if (!seen.has_egress) return inconclusive(finding.invariant, egress_gap(evidence.leg));
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  // Where acknowledgements take another way, what left stands for them.
  const bool is_known = acknowledgement_gap(seen).empty();
  const std::uint64_t arrived = is_known ? seen.acked_bytes : seen.egress_payload_bytes;
  // Nothing acknowledged: everything that was lost is too much.
  finding.value = arrived == 0 ? (lost > 0 ? 1.0 : 0.0) : static_cast<double>(lost) / static_cast<double>(arrived);
  finding.text = lost == 0
                     ? fmt::format("all {} payload bytes that {} the router", arrived,
                                   is_known ? "were acknowledged left" : "came to it left")
                     : fmt::format("{} of {} payload bytes that came to the router did not leave it within a second",
                                   lost, arrived + lost);
  if (const std::string sizes = sizes_of_lost(seen.forwarding.passages); !sizes.empty())
    finding.text += "; lost the first time: " + sizes;
  if (seen.forwarding.compared == 0 && seen.acked_bytes > 0 && seen.egress_fragments == 0)
    return inconclusive(finding.invariant, "nothing was seen leaving although the receiver acknowledged it");
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty())
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  if (*finding.value <= *finding.limit) return finding;
  finding.outcome = Outcome::fail;
  if (!evidence.leg.nic_errors.empty())
    finding.text += fmt::format("; meanwhile the NICs counted {}", fmt::join(evidence.leg.nic_errors, ", "));
  finding.frames = evidence_of(seen, finding.invariant);
  return finding;
}

}  // namespace

InvariantRow coverage_row() {
  return {.id = Invariant::coverage,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = blind_to_losses(),
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::coverage),
          .violation = Violation::fail,
          .holds_when =
              "the payload bytes that came in at A and did not leave at B within a second are at most this share of "
              "the acknowledged bytes"};
}

}  // namespace offlab
