#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_integrity(const LegEvidence& evidence) {
  const LegMeasurements& leg = evidence.leg;
  Finding finding{"integrity", Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!leg.capture) return inconclusive(finding.invariant, capture_gap(leg));
  const std::uint64_t headers = leg.capture->forwarding.bad_checksums;
  const std::uint64_t segments = leg.checksum_errors.value_or(0);
  finding.value = static_cast<double>(headers + segments);
  if (headers > 0 || segments > 0) {
    finding.outcome = Outcome::fail;
    finding.text = fmt::format(
        "{} IP headers left the router with a wrong checksum, the receiver found {} wrong TCP "
        "checksums",
        headers, segments);
    finding.frames = evidence_of(*leg.capture, finding.invariant);
    return finding;
  }
  if (!leg.checksum_errors) return inconclusive(finding.invariant, "the receiver's TCP counters are missing");
  if (const std::string gap = egress_gap(leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text = "every IP header checksum is right, the receiver found no wrong TCP checksum";
  return finding;
}

}  // namespace offlab
