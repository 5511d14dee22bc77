#include <array>

#include <fmt/core.h>

#include "verdict/invariant.h"
#include "verdict/observed.h"

namespace offlab {
namespace {

struct Entry {
  InvariantFunction judge;
  bool needs_control;
  bool at_each_device;
};

constexpr std::array<Entry, 19> invariants = {{
    {judge_stimulus_present, false, true},  {judge_egress_size, false, true},
    {judge_mss_respected, false, true},     {judge_segment_boundaries, false, true},
    {judge_coverage, false, true},          {judge_amplification, false, false},
    {judge_bogus_frag_needed, false, true}, {judge_pmtud_convergence, false, true},
    {judge_icmp_accounting, false, true},   {judge_integrity, false, true},
    {judge_df_preserved, false, true},      {judge_header_transparency, false, true},
    {judge_duplicates, false, true},        {judge_reordering, false, true},
    {judge_retransmits, true, false},       {judge_throughput_floor, true, false},
    {judge_state_held, false, false},       {judge_kernel_log, false, false},
    {judge_liveness, false, false},
}};

bool is_judged(const Entry& entry, const LegEvidence& evidence) {
  return (evidence.control != nullptr || !entry.needs_control) && (evidence.hop == 0 || entry.at_each_device);
}

Finding* find(std::vector<Finding>& findings, Invariant invariant) {
  for (Finding& finding : findings)
    if (finding.invariant == invariant) return &finding;
  return nullptr;
}

void soften(Finding& finding, Invariant other) {
  finding.outcome = Outcome::pass;
  finding.warning = true;
  finding.text += fmt::format("; counts as a failure only together with {}", to_string(other));
}

// Retransmissions and low throughput each have innocent causes; together they are a failure.
void settle_statistical(std::vector<Finding>& findings) {
  Finding* retransmits = find(findings, Invariant::retransmits);
  Finding* throughput = find(findings, Invariant::throughput_floor);
  if (retransmits == nullptr || throughput == nullptr) return;
  if (retransmits->outcome == Outcome::fail && throughput->outcome != Outcome::fail)
    soften(*retransmits, Invariant::throughput_floor);
  else if (throughput->outcome == Outcome::fail && retransmits->outcome != Outcome::fail)
    soften(*throughput, Invariant::retransmits);
}

}  // namespace

std::vector<Finding> judge_invariants(const LegEvidence& evidence) {
  std::vector<Finding> findings;
  for (const Entry& entry : invariants)
    if (is_judged(entry, evidence)) {
      findings.push_back(as_far_as_observed(evidence, entry.judge(evidence)));
      if (entry.at_each_device && evidence.intent.hops.size() > 1)
        findings.back().device = evidence.device().hop.router;
    }
  settle_statistical(findings);
  return findings;
}

Finding inconclusive(Invariant invariant, const std::string& why) {
  return {invariant, Outcome::inconclusive, std::nullopt, std::nullopt, why, false, {}};
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

}  // namespace offlab
