#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

constexpr double enough_share = 0.5;
constexpr std::uint64_t enough_superframes = 10;
constexpr double storm_amplification = 1.10;

}  // namespace

Finding judge_stimulus_present(const LegEvidence& evidence) {
  Finding finding{Invariant::stimulus_present, Outcome::pass, std::nullopt, enough_share, "", false, {}};
  if (!evidence.leg.capture) return inconclusive(finding.invariant, capture_gap(evidence.leg));
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const double share = seen.data_payload_bytes == 0 ? 0
                                                    : static_cast<double>(seen.superframe_payload_bytes) /
                                                          static_cast<double>(seen.data_payload_bytes);
  finding.value = share;
  finding.text = fmt::format("{:.0f} % of the data bytes reached the router in superframes ({} of {} frames)",
                             share * 100, seen.superframes, seen.data_frames);
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  if (!evidence.device().needs_merging) {
    finding.text += "; this case needs none";
    return finding;
  }
  // A storm keeps the sender in its first segments; what got through in superframes is then enough.
  const bool storm = seen.frag_needed > 0 || evidence.leg.frag_fails.value_or(0) > 0 ||
                     amplification(evidence.leg).value_or(1) > storm_amplification;
  if (share < enough_share && !(storm && seen.superframes >= enough_superframes)) {
    finding.outcome = Outcome::inconclusive;
    finding.text += "; this case is about merged packets and needs more";
  }
  return finding;
}

}  // namespace offlab
