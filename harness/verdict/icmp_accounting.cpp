#include <algorithm>

#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {

Finding judge_icmp_accounting(const LegEvidence& evidence) {
  const LegMeasurements& leg = evidence.leg;
  Finding finding{"icmp-accounting", Outcome::pass, std::nullopt, 0, "", false, {}};
  if (!leg.frag_fails || !leg.frag_needed_router || !leg.frag_needed_sender)
    return inconclusive(finding.invariant, "ICMP counters are missing");
  if (!leg.capture) return inconclusive(finding.invariant, capture_gap(leg));
  const std::uint64_t wire = leg.capture->frag_needed + leg.capture->frag_needed_other;
  finding.text = fmt::format("refused {}, ICMP sent by the router {}, seen on the wire {}, received by the sender {}",
                             *leg.frag_fails, *leg.frag_needed_router, wire, *leg.frag_needed_sender);
  const auto [smallest, largest] =
      std::minmax({*leg.frag_fails, *leg.frag_needed_router, wire, *leg.frag_needed_sender});
  finding.value = static_cast<double>(largest - smallest);
  if (largest == smallest) return finding;
  if (const std::string gap = capture_gap(leg); !gap.empty())
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  finding.warning = true;
  return finding;
}

}  // namespace offlab
