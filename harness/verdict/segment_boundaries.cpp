#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  finding.value = static_cast<double>(seen.cut_elsewhere);
  if (seen.cut_elsewhere > 0) {
    finding.text = fmt::format("{} of {} packets left the router with other boundaries than they had when they came in",
                               seen.cut_elsewhere, seen.compared);
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    finding.outcome = evidence.intent.limits.strict ? Outcome::fail : Outcome::pass;
    finding.warning = !evidence.intent.limits.strict;
    return finding;
  }
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  if (seen.longest_packet == 0)
    return inconclusive(finding.invariant, "all packets that left the router were captured coalesced");
  finding.text =
      fmt::format("all {} packets left the router with the boundaries that they had when they came in", seen.compared);
  return finding;
}

}  // namespace

InvariantRow segment_boundaries_row() {
  return {.id = Invariant::segment_boundaries,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = {{.point = &HopIntent::egress, .hidden = Hidden::size_that_leaves},
                           {.point = &HopIntent::ingress, .hidden = Hidden::size_that_came}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail_if_strict,
          .holds_when = "segments at B begin and end at the same sequence numbers as at A"};
}

}  // namespace offlab
