#include <fmt/core.h>

#include "base/units.h"
#include "verdict/invariant.h"

namespace offlab {

Finding judge_throughput_floor(const LegEvidence& evidence) {
  Finding finding{"throughput-floor", Outcome::pass, std::nullopt, evidence.options.throughput_floor, "", false, {}};
  if (!evidence.control_trouble.empty())
    return inconclusive(finding.invariant, "the control did not behave: " + evidence.control_trouble);
  if (!evidence.control->goodput_bps || *evidence.control->goodput_bps <= 0)
    return inconclusive(finding.invariant, "the control has no goodput: " + evidence.control->transfer_failure);
  if (!evidence.leg.goodput_bps) return inconclusive(finding.invariant, "no goodput: " + evidence.leg.transfer_failure);
  finding.value = *evidence.leg.goodput_bps / *evidence.control->goodput_bps;
  finding.text = fmt::format("goodput {}, control {} ({:.0f} %)", to_string(BitRate{*evidence.leg.goodput_bps}),
                             to_string(BitRate{*evidence.control->goodput_bps}), *finding.value * 100);
  if (*finding.value < *finding.limit) finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace offlab
