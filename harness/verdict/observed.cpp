#include "verdict/observed.h"

#include <algorithm>
#include <string_view>

#include <fmt/core.h>

#include "verdict/invariants.h"

namespace offlab {
namespace {

std::string_view words(Hidden hidden) {
  switch (hidden) {
    case Hidden::size_that_came:
      return "what came in was captured inside the router, where GRO and the NIC's driver have already coalesced "
             "packets: their size on the wire is not known";
    case Hidden::size_that_leaves:
      return "what left was captured inside the router, before its NIC splits large packets";
    case Hidden::seen_again:
      return "what left was captured inside the router, where a packet that its NIC had no room for is seen twice";
    case Hidden::losses:
      return "it was captured inside the router, which does not show what its NICs lost";
  }
  return "?";
}

bool is_untold(const BlindInside& blind, const LegEvidence& evidence, const Finding& finding) {
  const std::optional<CapturePoint>& point = evidence.device().*blind.point;
  const bool concerned = (finding.outcome == Outcome::pass && !blind.tells_passes) ||
                         (finding.outcome == Outcome::fail && !blind.tells_violations);
  return concerned && point && point->side == CaptureSide::guest &&
         (blind.matters == nullptr || blind.matters(evidence));
}

}  // namespace

bool is_blind_there(const InvariantRow& row, const LegEvidence& evidence) {
  return std::any_of(row.blind_inside.begin(), row.blind_inside.end(), [&](const BlindInside& blind) {
    const std::optional<CapturePoint>& point = evidence.device().*blind.point;
    return point && point->side == CaptureSide::guest;
  });
}

Finding as_far_as_observed(const InvariantRow& row, const LegEvidence& evidence, Finding finding) {
  if (finding.outcome == Outcome::inconclusive && !evidence.intent.observable.guest_counters &&
      (needs(row, Need::counters) || needs(row, Need::kernel_log)))
    finding.text += "; this lab does not show its guests' counters";
  const auto blind = std::find_if(row.blind_inside.begin(), row.blind_inside.end(),
                                  [&](const BlindInside& one) { return is_untold(one, evidence, finding); });
  if (blind == row.blind_inside.end()) return finding;
  finding.outcome = Outcome::inconclusive;
  finding.warning = false;
  finding.text += fmt::format("; {}", words(blind->hidden));
  return finding;
}

}  // namespace offlab
