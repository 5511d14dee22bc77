#include <fmt/core.h>

#include "verdict/invariant.h"
#include "verdict/retransmit_limit.h"

namespace offlab {
namespace {

// That the sender sent more again than it does without the router; empty when it did not, or when that is not known.
std::string what_tcp_suffers(const LegEvidence& evidence) {
  if (evidence.reference == nullptr) return {};
  const auto ratio = retransmit_ratio(evidence.leg);
  const auto reference = retransmit_ratio(*evidence.reference);
  if (!ratio || !reference) return {};
  if (*ratio <= retransmit_limit(evidence.intent.limits.retransmits, *reference)) return {};
  return fmt::format(
      "TCP takes them for lost: the sender retransmitted {:.2f} % of the segments, without the router {:.2f} %",
      *ratio * 100, *reference * 100);
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  if (const std::string gap = egress_gap(evidence.leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  const ForwardingMeasurements& seen = evidence.leg.capture->forwarding;
  if (seen.first_out == 0) return inconclusive(finding.invariant, "no frame left the router for the first time");
  finding.value = static_cast<double>(seen.late_out) / static_cast<double>(seen.first_out);
  finding.text =
      fmt::format("{} of {} frames left the router behind data that came in after them", seen.late_out, seen.first_out);
  if (*finding.value <= *finding.limit) return finding;
  finding.frames = evidence_of(*evidence.leg.capture, finding.invariant);
  if (const std::string words = what_tcp_suffers(evidence); !words.empty()) {
    finding.text += "; " + words;
    finding.outcome = Outcome::fail;
    return finding;
  }
  finding.outcome = evidence.intent.limits.strict ? Outcome::fail : Outcome::pass;
  finding.warning = !evidence.intent.limits.strict;
  return finding;
}

}  // namespace

InvariantRow reordering_row() {
  return {.id = Invariant::reordering,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = file_limit(Invariant::reordering),
          .violation = Violation::fail_if_strict,
          .holds_when =
              "of the frames that were sent once, at most this share left at B behind data that came in later. Above "
              "the limit it is a failure, too, where the sender retransmits more than without the router "
              "(`measure.reference`)"};
}

}  // namespace offlab
