#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

constexpr double enough_share = 0.5;
constexpr std::uint64_t enough_superframes = 10;
constexpr double storm_amplification = 1.10;

// Nothing depends on sizes where no merging was asked for.
bool needs_merging(const LegEvidence& evidence) {
  return evidence.device().needs_merging;
}

bool is_seen_inside(const LegEvidence& evidence) {
  const auto& ingress = evidence.device().ingress;
  return ingress && ingress->side == CaptureSide::guest;
}

// A setting of a host is stored; what it does is seen at the router's NIC. Inside of the router GRO merges, too.
void judge_host(const LegEvidence& evidence, std::uint64_t superframes, Finding& finding) {
  const std::optional<bool> on = evidence.intent.host_lro;
  if (!on || is_seen_inside(evidence)) return;
  if (*on) {
    finding.text += superframes > 0 ? "; the host's LRO, stored as on, is in force"
                                    : "; the host's LRO is stored as on, but nothing shows that it is in force";
  } else if (superframes < enough_superframes) {
    finding.text += "; the host's LRO, stored as off, coalesces nothing";
  } else {
    finding.outcome = Outcome::inconclusive;
    finding.text +=
        "; the host's LRO is stored as off: that is not in force, or a sender on the same host made these packets";
  }
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  const CaptureMeasurements& seen = *evidence.leg.capture;
  const double share = seen.data_payload_bytes == 0 ? 0
                                                    : static_cast<double>(seen.superframe_payload_bytes) /
                                                          static_cast<double>(seen.data_payload_bytes);
  finding.value = share;
  finding.text = fmt::format("{:.0f} % of the data bytes reached the router in coalesced packets ({} of {} frames)",
                             share * 100, seen.superframes, seen.data_frames);
  if (seen.data_frames == 0) return inconclusive(finding.invariant, "no data frame reached the router");
  if (!needs_merging(evidence)) {
    finding.text += "; this case needs none";
    judge_host(evidence, seen.superframes, finding);
    return finding;
  }
  // A storm keeps the sender in its first segments; what got through in superframes is then enough.
  const bool storm = seen.frag_needed > 0 || evidence.leg.frag_fails.value_or(0) > 0 ||
                     amplification(evidence.leg).value_or(1) > storm_amplification;
  if (share < *finding.limit && !(storm && seen.superframes >= enough_superframes)) {
    finding.outcome = Outcome::inconclusive;
    finding.text += "; this case is about coalesced packets and needs more of them";
  }
  judge_host(evidence, seen.superframes, finding);
  return finding;
}

}  // namespace

InvariantRow stimulus_present_row() {
  return {.id = Invariant::stimulus_present,
          .judge = judge,
          .needs = {Need::captures},
          .blind_inside = {{.point = &HopIntent::ingress, .hidden = Hidden::size_that_came, .matters = needs_merging}},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = FixedLimit{enough_share, LimitUnit::share},
          .violation = Violation::inconclusive,
          .holds_when =
              "in a case about coalesced packets, these carry at least half of the data bytes at A (other cases need "
              "none). Where packets were refused, or amplification was above 1.10, ten of them are enough: a storm "
              "keeps the sender's window small. Where an ESXi host's LRO is stored as off, there are fewer than ten. "
              "Otherwise a pass would mean only that nothing was tested"};
}

}  // namespace offlab
