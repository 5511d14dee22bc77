#include <algorithm>

#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

constexpr double times_control = 3;

}  // namespace

Finding judge_retransmits(const LegEvidence& evidence) {
  const auto ratio = retransmit_ratio(evidence.leg);
  const auto control = retransmit_ratio(*evidence.control);
  Finding finding{Invariant::retransmits, Outcome::pass, ratio, std::nullopt, "", false, {}};
  if (!ratio) return inconclusive(finding.invariant, "the sender's TCP counters are missing");
  if (!control) return inconclusive(finding.invariant, "the control's TCP counters are missing");
  finding.limit = std::max(evidence.intent.limits.retransmits, times_control * *control);
  finding.text =
      fmt::format("the sender retransmitted {} of {} segments ({:.2f} %, control {:.2f} %)",
                  *evidence.leg.retransmitted_segments, *evidence.leg.sent_segments, *ratio * 100, *control * 100);
  if (*ratio > *finding.limit) finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace offlab
