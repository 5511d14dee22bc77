#include <fmt/core.h>

#include "base/units.h"
#include "verdict/invariant.h"
#include "verdict/other_sender.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const double limit = *finding.limit;
  if (!evidence.control_trouble.empty())
    return inconclusive(finding.invariant, "the control did not behave: " + evidence.control_trouble);
  if (!evidence.control->goodput_bps || *evidence.control->goodput_bps <= 0)
    return inconclusive(finding.invariant, evidence.control->transfer_failure.empty()
                                               ? "the control has no goodput"
                                               : "the control has no goodput: " + evidence.control->transfer_failure);
  if (!evidence.leg.goodput_bps) return inconclusive(finding.invariant, "no goodput: " + evidence.leg.transfer_failure);
  if (evidence.intent.flow.background.sender != BackgroundSender::off &&
      (!evidence.leg.background || !evidence.control->background))
    return inconclusive(finding.invariant, "it is not known what the background load did");
  const std::string seen = fmt::format("goodput {}, control {}", to_string(BitRate{*evidence.leg.goodput_bps}),
                                       to_string(BitRate{*evidence.control->goodput_bps}));
  const auto ratio = goodput_ratio(evidence.leg, *evidence.control);
  if (!ratio) return inconclusive(finding.invariant, seen + "; too few or too uneven samples to compare them");
  finding.value = ratio->value;
  finding.interval = {ratio->low, ratio->high};
  finding.text = fmt::format("{}: {:.0f} % of the control, 95 % interval {:.0f}..{:.0f} %", seen, ratio->value * 100,
                             ratio->low * 100, ratio->high * 100);
  if (const std::string words = words_about_other_sender(evidence.leg); !words.empty()) finding.text += "; " + words;
  if (ratio->high < limit) {
    finding.outcome = Outcome::fail;
  } else if (ratio->low < limit) {
    finding.outcome = Outcome::inconclusive;
    finding.text += fmt::format("; the limit of {:.0f} % is inside of it", limit * 100);
  }
  return finding;
}

}  // namespace

InvariantRow throughput_floor_row() {
  return {
      .id = Invariant::throughput_floor,
      .judge = judge,
      .needs = {Need::transfer_report, Need::control},
      .scope = InvariantScope::whole_flow,
      .kind = InvariantKind::goodput,
      .limit = OptionLimit{&MeasureOptions::throughput_floor, LimitUnit::share, "measure.throughput_floor"},
      .violation = Violation::fail,
      .holds_when =
          "the whole 95 % interval of goodput over the control's goodput is above this share. Violated if the whole "
          "interval is below it, inconclusive if the share is inside the interval"};
}

}  // namespace offlab
