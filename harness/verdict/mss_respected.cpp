#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
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
  finding.text += fragments_left_out(evidence.leg);
  return finding;
}

}  // namespace

InvariantRow mss_respected_row() {
  return {.id = Invariant::mss_respected,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = {{.point = &HopIntent::egress, .hidden = Hidden::size_that_leaves}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "no packet at B carries more payload than the MSS that the receiver announced, less the TCP options of "
              "the packet"};
}

}  // namespace offlab
