#include <algorithm>

#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  if (!leg.frag_fails || !leg.frag_needed_router || !leg.frag_needed_sender)
    return inconclusive(finding.invariant, "ICMP counters are missing");
  const std::uint64_t wire = leg.capture->frag_needed + leg.capture->frag_needed_other;
  // The sender hears every router of the way.
  const std::uint64_t sent_to_sender = leg.frag_needed_path.value_or(*leg.frag_needed_router);
  finding.text = fmt::format("refused {}, ICMP sent by the router {}, seen on the wire {}, received by the sender {}{}",
                             *leg.frag_fails, *leg.frag_needed_router, wire, *leg.frag_needed_sender,
                             sent_to_sender == *leg.frag_needed_router
                                 ? ""
                                 : fmt::format(" ({} sent by all routers of the way)", sent_to_sender));
  const auto [smallest, largest] = std::minmax({*leg.frag_fails, *leg.frag_needed_router, wire});
  const auto [heard, sent] = std::minmax({*leg.frag_needed_sender, sent_to_sender});
  finding.value = static_cast<double>(std::max(largest - smallest, sent - heard));
  if (*finding.value == 0) return finding;
  if (wire > 0 && (*leg.frag_fails == 0 || *leg.frag_needed_router == 0))
    finding.text += "; errors that this router has not counted are not its own, so they do not decide the class";
  if (const std::string gap = capture_gap(leg); !gap.empty())
    return inconclusive(finding.invariant, finding.text + "; " + gap);
  finding.warning = true;
  return finding;
}

}  // namespace

InvariantRow icmp_accounting_row() {
  return {.id = Invariant::icmp_accounting,
          .judge = judge,
          .needs = {Need::captures, Need::counters},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::warning,
          .holds_when =
              "packets refused by the router = errors it sent = errors seen on the wire = errors received by the "
              "sender. The finding names all four numbers"};
}

}  // namespace offlab
