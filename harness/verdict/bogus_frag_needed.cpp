#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

std::string range(std::uint64_t low, std::uint64_t high) {
  return low == high ? fmt::format("{}", low) : fmt::format("{}..{}", low, high);
}

}  // namespace

Finding judge_bogus_frag_needed(const LegEvidence& evidence) {
  Finding finding{Invariant::bogus_frag_needed, Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const CaptureMeasurements& seen = *evidence.leg.capture;
  finding.value = static_cast<double>(seen.bogus);
  if (seen.bogus > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format("{} refused {} packets of {} B (mtu {}) although the sender's segments already fit",
                               evidence.intent.hops.size() > 1 ? evidence.device().hop.router : "the router",
                               seen.bogus, range(seen.smallest_quoted_length, seen.largest_quoted_length),
                               range(seen.smallest_advertised_mtu, seen.largest_advertised_mtu));
    finding.frames = evidence_of(seen, finding.invariant);
    return finding;
  }
  if (seen.untraced > 0)
    return inconclusive(finding.invariant,
                        fmt::format("{} ICMP errors quote data that the capture does not have", seen.untraced));
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  if (const std::string gap = capture_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text =
      seen.honest == 0
          ? "no packet of the flow was refused"
          : fmt::format("{} packets were refused, all of them longer than the advertised MTU on the wire", seen.honest);
  return finding;
}

}  // namespace offlab
