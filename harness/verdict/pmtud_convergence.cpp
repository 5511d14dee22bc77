#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  finding.value = static_cast<double>(seen.errors_after_convergence + seen.long_after_convergence);
  if (*finding.value > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format(
        "two round trips and a timeout after the first honest error there were {} more of them, and {} new packets "
        "longer than the MTU it advertised",
        seen.errors_after_convergence, seen.long_after_convergence);
    finding.frames = evidence_of(seen, finding.invariant);
    return finding;
  }
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text = seen.honest == 0
                     ? "no honest error: the sender had nothing to obey"
                     : fmt::format("{} honest errors, then the sender kept to the MTU they advertised", seen.honest);
  return finding;
}

}  // namespace

InvariantRow pmtud_convergence_row() {
  return {
      .id = Invariant::pmtud_convergence,
      .judge = judge,
      .needs = {Need::captures},
      .blind_inside = {{.point = &HopIntent::ingress, .hidden = Hidden::size_that_came, .matters = something_refused}},
      .scope = InvariantScope::each_device,
      .kind = InvariantKind::structural,
      .limit = NothingAllowed{},
      .violation = Violation::fail,
      .holds_when =
          "once two round trips and a retransmission timeout have passed since the first honest error, no other one "
          "follows, and no new packet is longer than the MTU that it advertised"};
}

}  // namespace offlab
