#include <fmt/core.h>

#include "base/units.h"
#include "verdict/filled_queue.h"
#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& reference = *evidence.reference;
  const double limit = *finding.limit;
  if (!reference.goodput_bps || *reference.goodput_bps <= 0)
    return inconclusive(finding.invariant,
                        "nothing came through without the router either: " + reference.transfer_failure);
  if (!evidence.leg.goodput_bps) return inconclusive(finding.invariant, "no goodput: " + evidence.leg.transfer_failure);
  const std::string seen =
      fmt::format("goodput {}, without the router {}", to_string(BitRate{*evidence.leg.goodput_bps}),
                  to_string(BitRate{*reference.goodput_bps}));
  const auto ratio = goodput_ratio(evidence.leg, reference);
  if (!ratio) return inconclusive(finding.invariant, seen + "; too few or too uneven samples to compare them");
  finding.value = ratio->value;
  finding.interval = {ratio->low, ratio->high};
  finding.text = fmt::format("{}: {:.1f} % of it, 95 % interval {:.1f}..{:.1f} %", seen, ratio->value * 100,
                             ratio->low * 100, ratio->high * 100);
  if (ratio->high >= limit) return finding;
  // It is meant to be slow.
  if (const DropCounter* queue = filled_queue(evidence.leg, 1))
    finding.text += "; " + words_about_filled(*queue);
  else
    finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace

InvariantRow reference_floor_row() {
  return {.id = Invariant::reference_floor,
          .judge = judge,
          .needs = {Need::transfer_report, Need::reference},
          .scope = InvariantScope::whole_flow,
          .kind = InvariantKind::goodput,
          .limit = OptionLimit{&MeasureOptions::reference_floor, LimitUnit::share, "measure.reference_floor"},
          .violation = Violation::fail,
          .holds_when =
              "goodput is at least this share of what the same sender and receiver reach without the router, at the "
              "upper end of the 95 % interval of the ratio. A shaper whose rate the traffic fills excuses less. Judged "
              "with `measure.reference` only",
          .no_mutation = "it compares with a leg that recordings for mutations do not have"};
}

}  // namespace offlab
