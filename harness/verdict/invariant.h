// What must hold for forwarded traffic. Each invariant is one pure function in a file of its own; the table in
// invariants.cpp lists them all.
#pragma once

#include <string>
#include <vector>

#include "model/leg.h"
#include "model/measurement.h"
#include "model/scenario.h"
#include "model/verdict.h"

namespace offlab {

// What an invariant may look at.
struct LegEvidence {
  const LegIntent& intent;
  const LegMeasurements& leg;
  const LegMeasurements* control;  // null when the leg is a control itself
  std::string control_trouble;     // why the control cannot be compared with; empty when it behaved
  const MeasureOptions& options;
  std::size_t hop = 0;  // of the intent, that `leg` and `control` are about

  const HopIntent& device() const { return intent.hops.at(hop); }
};

using InvariantFunction = Finding (*)(const LegEvidence&);

Finding judge_stimulus_present(const LegEvidence& evidence);
Finding judge_egress_size(const LegEvidence& evidence);
Finding judge_mss_respected(const LegEvidence& evidence);
Finding judge_segment_boundaries(const LegEvidence& evidence);
Finding judge_coverage(const LegEvidence& evidence);
Finding judge_bogus_frag_needed(const LegEvidence& evidence);
Finding judge_pmtud_convergence(const LegEvidence& evidence);
Finding judge_icmp_accounting(const LegEvidence& evidence);
Finding judge_amplification(const LegEvidence& evidence);
Finding judge_integrity(const LegEvidence& evidence);
Finding judge_df_preserved(const LegEvidence& evidence);
Finding judge_header_transparency(const LegEvidence& evidence);
Finding judge_duplicates(const LegEvidence& evidence);
Finding judge_reordering(const LegEvidence& evidence);
Finding judge_retransmits(const LegEvidence& evidence);
Finding judge_throughput_floor(const LegEvidence& evidence);
Finding judge_state_held(const LegEvidence& evidence);
Finding judge_kernel_log(const LegEvidence& evidence);
Finding judge_liveness(const LegEvidence& evidence);

// Every invariant, in the order in which they are reported. Those that compare with a control are left out when the leg
// is one; those about the flow as a whole are judged at its first device only.
std::vector<Finding> judge_invariants(const LegEvidence& evidence);

Finding inconclusive(Invariant invariant, const std::string& why);

// Why the captures cannot prove that something did NOT happen; empty when they can.
std::string capture_gap(const LegMeasurements& leg);
// The same about what left the router and where it came from.
std::string egress_gap(const LegMeasurements& leg);

}  // namespace offlab
