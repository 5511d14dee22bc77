// The table of all invariants.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verdict/invariant.h"

namespace offlab {

// In the order of the enumerators.
const std::vector<InvariantRow>& invariant_rows();
const InvariantRow& row_of(Invariant invariant);

bool needs(const InvariantRow& row, Need need);
// Something that no capture tells: counters of the router and its neighbours, settings, logs.
bool needs_more_than_captures(const InvariantRow& row);

std::optional<double> limit_of(const InvariantRow& row, const Limits& limits, const MeasureOptions& options);

// One invariant, whatever the others say. `evidence` has a control where the row needs one.
Finding judge_invariant(const InvariantRow& row, const LegEvidence& evidence);

// Every invariant, in the order in which they are reported. Those that compare with a control are left out when the leg
// is one; those about the flow as a whole are judged at its first device only.
std::vector<Finding> judge_invariants(const LegEvidence& evidence);

// The table of docs/verdict.md, as Markdown.
std::string invariant_table();

}  // namespace offlab
