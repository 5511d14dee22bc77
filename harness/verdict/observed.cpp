#include "verdict/observed.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr std::string_view merged_already =
    "what came in was captured inside of the device, where GRO and the NIC's driver have merged packets already: their "
    "size on the wire is not known";
constexpr std::string_view not_cut_yet =
    "what left was captured inside of the device, before its NIC cuts large frames into packets";
constexpr std::string_view lost_unseen = "it was captured inside of the device, which does not show what its NICs lost";

bool always(const LegEvidence&) {
  return true;
}

// Nothing depends on sizes where none was asked for.
bool needs_merging(const LegEvidence& evidence) {
  return evidence.device().needs_merging;
}

// Whether a packet was refused although it fitted depends on its size on the wire. Where none was refused nothing does.
bool something_refused(const LegEvidence& evidence) {
  return evidence.leg.capture && evidence.leg.capture->frag_needed > 0;
}

struct Blindness {
  Invariant invariant;
  std::optional<CapturePoint> HopIntent::*point;  // inside of the guest
  bool passes;                                    // are not told
  bool fails;
  bool (*matters)(const LegEvidence&);
  std::string_view why;
};

// A bogus error that is seen there is one: GRO and LRO only make packets look longer, never shorter.
constexpr std::array<Blindness, 10> blind_inside = {{
    {Invariant::stimulus_present, &HopIntent::ingress, true, true, needs_merging, merged_already},
    {Invariant::egress_size, &HopIntent::egress, true, true, always, not_cut_yet},
    {Invariant::mss_respected, &HopIntent::egress, true, true, always, not_cut_yet},
    {Invariant::segment_boundaries, &HopIntent::egress, true, true, always, not_cut_yet},
    {Invariant::segment_boundaries, &HopIntent::ingress, true, true, always, merged_already},
    {Invariant::coverage, &HopIntent::ingress, true, false, always, lost_unseen},
    {Invariant::coverage, &HopIntent::egress, true, false, always, lost_unseen},
    {Invariant::amplification, &HopIntent::ingress, true, false, always, lost_unseen},
    {Invariant::bogus_frag_needed, &HopIntent::ingress, true, false, something_refused, merged_already},
    {Invariant::pmtud_convergence, &HopIntent::ingress, true, true, something_refused, merged_already},
}};

// What rests on counters, settings or logs of the guests.
constexpr std::array counted = {Invariant::icmp_accounting, Invariant::integrity, Invariant::df_preserved,
                                Invariant::retransmits, Invariant::kernel_log};

bool is_any_of(const auto& invariants, Invariant invariant) {
  return std::find(invariants.begin(), invariants.end(), invariant) != invariants.end();
}

bool is_untold(const Blindness& blind, const LegEvidence& evidence, const Finding& finding) {
  const std::optional<CapturePoint>& point = evidence.device().*blind.point;
  const bool concerned =
      (finding.outcome == Outcome::pass && blind.passes) || (finding.outcome == Outcome::fail && blind.fails);
  return finding.invariant == blind.invariant && concerned && point && point->side == CaptureSide::guest &&
         blind.matters(evidence);
}

}  // namespace

Finding as_far_as_observed(const LegEvidence& evidence, Finding finding) {
  if (finding.outcome == Outcome::inconclusive && !evidence.intent.observable.guest_counters &&
      is_any_of(counted, finding.invariant))
    finding.text += "; this lab does not show its guests' counters";
  const auto blind = std::find_if(blind_inside.begin(), blind_inside.end(),
                                  [&](const Blindness& one) { return is_untold(one, evidence, finding); });
  if (blind == blind_inside.end()) return finding;
  finding.outcome = Outcome::inconclusive;
  finding.warning = false;
  finding.text += fmt::format("; {}", blind->why);
  return finding;
}

}  // namespace offlab
