#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  const std::uint32_t mtu = evidence.device().egress_mtu.bytes;
  finding.value = static_cast<double>(seen.too_long);
  if (seen.too_long > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("{} packets of up to {} B left the router, its egress MTU is {}", seen.too_long,
                               seen.longest_packet, mtu);
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    return finding;
  }
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  // A capture without segment sizes.
  if (const auto& unclear = evidence_of(*evidence.leg.capture, finding.invariant); !unclear.empty()) {
    finding =
        inconclusive(finding.invariant, fmt::format("frames longer than the egress MTU of {} left the router, and the "
                                                    "capture does not say whether each of them is one packet",
                                                    mtu));
    finding.frames = unclear;
    return finding;
  }
  if (seen.longest_packet == 0)
    return inconclusive(finding.invariant, "all packets that left the router were captured coalesced");
  finding.text =
      fmt::format("the longest packet that left the router has {} B, its egress MTU is {}", seen.longest_packet, mtu);
  finding.text += fragments_left_out(evidence.leg);
  return finding;
}

}  // namespace

InvariantRow egress_size_row() {
  return {.id = Invariant::egress_size,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .blind_inside = {{.point = &HopIntent::egress, .hidden = Hidden::size_that_leaves}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when = "no packet at B is longer than the egress MTU"};
}

}  // namespace offlab
