#include <fmt/core.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

// What was seen that must not be; empty when nothing was.
std::string violation(const LegEvidence& evidence) {
  const LegMeasurements& leg = evidence.leg;
  const CaptureMeasurements& seen = *leg.capture;
  if (seen.egress_fragments > 0) return fmt::format("{} fragments left the router", seen.egress_fragments);
  if (leg.frag_creates.value_or(0) > 0 || leg.frag_oks.value_or(0) > 0)
    return fmt::format("the router split {} packets into {} fragments", leg.frag_oks.value_or(0),
                       leg.frag_creates.value_or(0));
  if (leg.reassembly_requests.value_or(0) > 0)
    return fmt::format("the receiver got {} fragments to reassemble", *leg.reassembly_requests);
  // A few packets of the sender may lack DF by themselves; a router that strips it does so from most.
  const auto share = [](std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const double sent_without = share(seen.data_without_df, seen.data_frames);
  const double left_without = share(seen.egress_without_df, seen.egress_data_frames);
  if (evidence.intent.flow.df &&
      (seen.data_without_df == 0 ? seen.egress_without_df > 0 : left_without > 2 * sent_without + 0.01))
    return fmt::format("{} data frames left the router without DF", seen.egress_without_df);
  if (!evidence.intent.flow.df && seen.egress_without_df < seen.egress_data_frames &&
      seen.data_without_df == seen.data_frames)
    return fmt::format("{} data frames left the router with a DF that the sender had not set",
                       seen.egress_data_frames - seen.egress_without_df);
  return {};
}

Finding judge(const LegEvidence& evidence, Finding finding) {
  const LegMeasurements& leg = evidence.leg;
  const CaptureMeasurements& seen = *leg.capture;
  finding.value = static_cast<double>(seen.egress_without_df + seen.egress_fragments + leg.frag_creates.value_or(0));
  finding.text = violation(evidence);
  if (!finding.text.empty()) {
    finding.outcome = Outcome::fail;
    return finding;
  }
  if (!seen.has_egress) return inconclusive(finding.invariant, egress_gap(leg));
  if (!leg.frag_oks || !leg.frag_creates || !leg.reassembly_requests)
    return inconclusive(finding.invariant, "fragmentation counters are missing");
  if (seen.data_frames == 0 || seen.egress_data_frames == 0)
    return inconclusive(finding.invariant, fmt::format("no data frame was seen {} the router",
                                                       seen.data_frames == 0 ? "on its way into" : "leaving"));
  if (evidence.intent.flow.df && seen.data_without_df > 0)
    return inconclusive(finding.invariant,
                        fmt::format("{} data frames came to the router without DF", seen.data_without_df));
  if (!evidence.intent.flow.df && seen.data_without_df == 0)
    return inconclusive(finding.invariant, "the sender set DF although the flow was to go without");
  if (const std::string gap = capture_gap(leg); !gap.empty()) return inconclusive(finding.invariant, gap);
  finding.text = fmt::format("DF {} on all {} data frames into and {} out of the router, no fragment made",
                             evidence.intent.flow.df ? "set" : "as sent", seen.data_frames, seen.egress_data_frames);
  return finding;
}

}  // namespace

InvariantRow df_preserved_row() {
  return {.id = Invariant::df_preserved,
          .judge = judge,
          .needs = {Need::captures, Need::egress_capture, Need::counters},
          .scope = InvariantScope::each_device,
          .kind = InvariantKind::structural,
          .limit = NothingAllowed{},
          .violation = Violation::fail,
          .holds_when =
              "DF is at B what it was at A, and the router makes no fragments. In a flow with `df = true` all data "
              "came in with DF set (otherwise inconclusive)"};
}

}  // namespace offlab
