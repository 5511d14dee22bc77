#include <fmt/core.h>

#include "verdict/invariant.h"
#include "verdict/retransmit_limit.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const auto ratio = retransmit_ratio(evidence.leg);
  const auto control = retransmit_ratio(*evidence.control);
  if (!ratio) return inconclusive(finding.invariant, "the sender's TCP counters are missing");
  if (!control) return inconclusive(finding.invariant, "the control's TCP counters are missing");
  // A router that is bad in its control as well is not excused by it.
  const auto reference = evidence.reference == nullptr ? std::nullopt : retransmit_ratio(*evidence.reference);
  finding.value = ratio;
  finding.limit = retransmit_limit(*finding.limit, reference.value_or(*control));
  finding.text =
      fmt::format("the sender retransmitted {} of {} segments ({:.2f} %, control {:.2f} %{})",
                  *evidence.leg.retransmitted_segments, *evidence.leg.sent_segments, *ratio * 100, *control * 100,
                  reference ? fmt::format(", without the router {:.2f} %", *reference * 100) : "");
  if (*ratio > *finding.limit) finding.outcome = Outcome::fail;
  return finding;
}

}  // namespace

InvariantRow retransmits_row() {
  return {.id = Invariant::retransmits,
          .judge = judge,
          .needs = {Need::counters, Need::control},
          .scope = InvariantScope::whole_flow,
          .kind = InvariantKind::resending,
          .limit = file_limit(Invariant::retransmits),
          .violation = Violation::fail,
          .holds_when =
              "the sender retransmitted at most this share of its segments, or at most three times the share in the "
              "control (with `measure.reference`: in the leg without the router)"};
}

}  // namespace offlab
