#include "verdict/invariants.h"

#include <algorithm>

#include <fmt/format.h>

#include "verdict/observed.h"
#include "verdict/other_sender.h"

namespace offlab {
namespace {

bool is_told_by_captures(Need need) {
  return need == Need::captures || need == Need::egress_capture;
}

bool is_judged(const InvariantRow& row, const LegEvidence& evidence) {
  if (row.scope == InvariantScope::run || (row.scope == InvariantScope::whole_flow && evidence.hop > 0)) return false;
  return (evidence.control != nullptr || !needs(row, Need::control)) &&
         (evidence.reference != nullptr || !needs(row, Need::reference));
}

void soften(Finding& finding, const std::vector<const Finding*>& others) {
  std::vector<std::string_view> names;
  for (const Finding* other : others) names.push_back(to_string(other->invariant));
  finding.outcome = Outcome::pass;
  finding.warning = true;
  finding.text += fmt::format("; counts as a failure only together with {}", fmt::join(names, " or "));
}

// Retransmissions and low throughput each have innocent causes; together they are a failure. That errors of the router
// made another sender fill the uplink is no innocent cause of low throughput.
void settle_statistical(const LegMeasurements& leg, std::vector<Finding>& findings) {
  const auto kind_of = [](const Finding& finding) { return row_of(finding.invariant).kind; };
  std::vector<Finding*> alone;
  for (Finding& finding : findings) {
    if (!is_statistical(kind_of(finding)) || finding.outcome != Outcome::fail) continue;
    const bool is_confirmed = std::any_of(findings.begin(), findings.end(), [&](const Finding& other) {
      return is_statistical(kind_of(other)) && kind_of(other) != kind_of(finding) && other.outcome == Outcome::fail;
    });
    const bool is_explained = finding.invariant == Invariant::throughput_floor && is_filled_by_another(leg);
    if (!is_confirmed && !is_explained) alone.push_back(&finding);
  }
  for (Finding* finding : alone) {
    std::vector<const Finding*> others;
    for (const Finding& other : findings)
      if (is_statistical(kind_of(other)) && kind_of(other) != kind_of(*finding)) others.push_back(&other);
    if (!others.empty()) soften(*finding, others);
  }
}

}  // namespace

const std::vector<InvariantRow>& invariant_rows() {
#define OFFLAB_ROW(id, name) id##_row(),
  static const std::vector<InvariantRow> rows = {OFFLAB_INVARIANTS(OFFLAB_ROW)};
#undef OFFLAB_ROW
  return rows;
}

const InvariantRow& row_of(Invariant invariant) {
  return invariant_rows().at(static_cast<std::size_t>(invariant));
}

bool needs(const InvariantRow& row, Need need) {
  return std::find(row.needs.begin(), row.needs.end(), need) != row.needs.end();
}

bool needs_more_than_captures(const InvariantRow& row) {
  return !std::all_of(row.needs.begin(), row.needs.end(), is_told_by_captures);
}

std::optional<double> limit_of(const InvariantRow& row, const Limits& limits, const MeasureOptions& options) {
  if (std::holds_alternative<NothingAllowed>(row.limit)) return 0;
  if (const auto* fixed = std::get_if<FixedLimit>(&row.limit)) return fixed->value;
  if (const auto* in_file = std::get_if<FileLimit>(&row.limit)) return limits.*in_file->value;
  if (const auto* option = std::get_if<OptionLimit>(&row.limit)) return options.*option->member;
  return std::nullopt;
}

Finding judge_invariant(const InvariantRow& row, const LegEvidence& evidence) {
  Finding finding{
      .invariant = row.id, .outcome = Outcome::pass, .limit = limit_of(row, evidence.intent.limits, evidence.options)};
  finding = needs(row, Need::captures) && !evidence.leg.capture ? inconclusive(row.id, capture_gap(evidence.leg))
                                                                : row.judge(evidence, std::move(finding));
  finding = as_far_as_observed(row, evidence, std::move(finding));
  if (row.scope == InvariantScope::each_device && evidence.intent.hops.size() > 1)
    finding.device = device_name(evidence.device());
  return finding;
}

std::vector<Finding> judge_invariants(const LegEvidence& evidence) {
  std::vector<Finding> findings;
  for (const InvariantRow& row : invariant_rows())
    if (is_judged(row, evidence)) findings.push_back(judge_invariant(row, evidence));
  settle_statistical(evidence.leg, findings);
  return findings;
}

std::vector<BlindInside> blind_to_losses() {
  return {{.point = &HopIntent::ingress, .hidden = Hidden::losses, .tells_violations = true},
          {.point = &HopIntent::egress, .hidden = Hidden::losses, .tells_violations = true}};
}

bool is_statistical(InvariantKind kind) {
  return kind != InvariantKind::structural;
}

bool has_failed(const std::vector<Finding>& findings, Invariant invariant) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.outcome == Outcome::fail && finding.invariant == invariant;
  });
}

bool something_refused(const LegEvidence& evidence) {
  return evidence.leg.capture && evidence.leg.capture->frag_needed > 0;
}

Finding inconclusive(Invariant invariant, const std::string& why) {
  return {.invariant = invariant, .outcome = Outcome::inconclusive, .text = why};
}

std::string acknowledgement_gap(const CaptureMeasurements& seen) {
  if (seen.data_frames == 0 || seen.acknowledgements > 0) return {};
  return "no acknowledgement was captured: they may take another way than the data";
}

std::string capture_gap(const LegMeasurements& leg) {
  constexpr std::string_view about_captures = "captures: ";
  if (!leg.capture)
    for (const std::string& missing : leg.missing)
      if (missing.rfind(about_captures, 0) == 0)
        return fmt::format("there is no capture to judge: {}", missing.substr(about_captures.size()));
  if (!leg.capture) return "there is no capture";
  if (leg.capture_drops > 0) return fmt::format("the capture lost {} frames", leg.capture_drops);
  return {};
}

std::string egress_gap(const LegMeasurements& leg) {
  if (std::string gap = capture_gap(leg); !gap.empty()) return gap;
  if (!leg.capture->has_egress) return "there is no capture of what left the router";
  if (leg.capture->data_frames == 0) return "no data frame reached the router";
  if (leg.capture->forwarding.compared == 0) return "no data frame was seen leaving the router";
  return {};
}

std::string fragments_left_out(const LegMeasurements& leg) {
  const std::uint64_t fragments = leg.capture->egress_fragments;
  return fragments == 0 ? "" : fmt::format("; {} IP fragments are not looked at", fragments);
}

}  // namespace offlab
