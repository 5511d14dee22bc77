#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
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

}  // namespace

InvariantRow duplicates_row() {
  return {.id = Invariant::duplicates,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = {{.point = &HopIntent::egress, .hidden = Hidden::seen_again, .tells_passes = true}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when = "no packet leaves at B more often than it came in at A"};
}

}  // namespace offlab
