#include <fmt/core.h>

#include "base/number_words.h"
#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  finding.value = static_cast<double>(seen.bogus);
  if (seen.bogus > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("{} refused {} packets of {} B (mtu {}) although the sender's segments already fit",
                               evidence.intent.hops.size() > 1 ? device_name(evidence.device()) : "the router",
                               seen.bogus, range_words(seen.smallest_quoted_length, seen.largest_quoted_length),
                               range_words(seen.smallest_advertised_mtu, seen.largest_advertised_mtu));
    finding.frames = evidence_of(seen, finding.invariant);
    return finding;
  }
  if (seen.untraced > 0)
    return inconclusive(finding.invariant,
                        fmt::format("{} ICMP errors quote data that is not in the capture", seen.untraced));
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text =
      seen.honest == 0
          ? "no packet of the flow was refused"
          : fmt::format("{} packets were refused, all of them longer than the advertised MTU on the wire", seen.honest);
  return finding;
}

}  // namespace

// A bogus error that is seen inside of the guest is one: GRO and LRO make packets look longer, never shorter.
InvariantRow bogus_frag_needed_row() {
  return {.id = Invariant::bogus_frag_needed,
          .judge = judge,
          .needs = {Need::captures},
          .blind_inside = {{.point = &HopIntent::ingress,
                            .hidden = Hidden::size_that_came,
                            .tells_violations = true,
                            .matters = something_refused}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "no \"fragmentation needed\" error (ICMP 3/4, ICMPv6 2/0) is about data whose packets already fitted the "
              "MTU that the error advertises"};
}

}  // namespace offlab
