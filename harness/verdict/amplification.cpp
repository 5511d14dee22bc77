#include <fmt/core.h>

#include "base/units.h"
#include "verdict/invariant.h"

namespace offlab {
namespace {

constexpr double good = 1.02;

Finding judge(const LegEvidence& evidence, Finding finding) {
  const auto value = amplification(evidence.leg);
  if (!value) {
    const bool sent = evidence.leg.capture->data_payload_bytes > 0;
    if (const std::string gap = acknowledgement_gap(*evidence.leg.capture); !gap.empty())
      return inconclusive(finding.invariant, gap);
    return inconclusive(finding.invariant, sent ? "nothing that was sent was acknowledged" : "no data was sent");
  }
  finding.value = value;
  finding.text = fmt::format("{:.3f} payload bytes crossed the uplink for each one that arrived", *value);
  if (*value > *finding.limit) {
    finding.outcome = Outcome::fail;
    finding.text += fmt::format(": {:.0f} % of them wasted", wasted_share(evidence.leg).value_or(0) * 100);
    if (const auto bps = wasted_bps(evidence.leg)) finding.text += ", " + to_string(BitRate{*bps});
  } else if (const std::string gap = capture_gap(evidence.leg); !gap.empty()) {
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  }
  finding.warning = finding.outcome == Outcome::pass && *value > good;
  if (finding.outcome == Outcome::fail || finding.warning)
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
  return finding;
}

}  // namespace

InvariantRow amplification_row() {
  return {.id = Invariant::amplification,
          .judge = judge,
          .needs = {Need::captures},
          .blind_inside = {{.point = &HopIntent::ingress, .hidden = Hidden::losses, .tells_violations = true}},
          .scope = InvariantScope::whole_flow,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::amplification),
          .violation = Violation::fail,
          .holds_when =
              "at most this many payload bytes came in at A for each byte that the receiver acknowledged. Above 1.02 "
              "it is a warning"};
}

}  // namespace offlab
