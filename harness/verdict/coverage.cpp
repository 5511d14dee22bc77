#include <algorithm>

#include <fmt/format.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

// "; lost the first time: 12 of 12 coalesced frames, 3 of 40 packets up to 1536 B": where most was lost, at most three
// of them.
std::string sizes_of_lost(const std::vector<Passage>& passages) {
  std::vector<std::pair<std::uint64_t, std::string>> lost;
  for (const Passage& one : passages)
    if (one.lost > 0)
      lost.emplace_back(one.lost, fmt::format("{} of {} {}", one.lost, one.sent,
                                              one.longest == 0 ? "coalesced frames"
                                                               : fmt::format("packets up to {} B", one.longest)));
  std::stable_sort(lost.begin(), lost.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(lost.size(), 3); ++i)
    text += (i == 0 ? "; lost the first time: " : ", ") + lost[i].second;
  return text;
}

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
  finding.text += sizes_of_lost(seen.forwarding.passages);
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
          .blind_inside = {{.point = &HopIntent::ingress, .hidden = Hidden::losses, .tells_violations = true},
                           {.point = &HopIntent::egress, .hidden = Hidden::losses, .tells_violations = true}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::coverage),
          .violation = Violation::fail,
          .holds_when = "what came in at A is seen at B within a second, but for this share of the bytes acknowledged"};
}

}  // namespace offlab
