#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  const HandshakeMeasurements& handshakes = evidence.leg.capture->handshakes;
  const std::uint64_t changed = seen.changed_headers + handshakes.changed_options;
  finding.value = static_cast<double>(changed);
  if (changed > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("{} packets left the router with other headers than they had when they came in{}",
                               changed, handshakes.changed_options > 0 ? "; " + handshakes.option_change : "");
    finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
    if (!finding.frames.empty()) finding.text += ": " + finding.frames.back().text;
    return finding;
  }
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text =
      fmt::format("{} in all {} packets compared; traffic class, window, acknowledgement and options unchanged",
                  evidence.device().forwards ? "TTL one less" : "TTL unchanged", seen.compared);
  return finding;
}

}  // namespace

InvariantRow header_transparency_row() {
  return {.id = Invariant::header_transparency,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "in both directions the TTL (IPv6: hop limit) is one less, and DSCP, window, acknowledgement number and "
              "TCP options are "
              "unchanged. ECN may become CE (congestion experienced)"};
}

}  // namespace offlab
