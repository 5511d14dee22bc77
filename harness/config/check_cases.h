// Do the settings of axes and cases fit the topology?
#pragma once

#include <vector>

#include "config/mistakes.h"
#include "config/parse_cases.h"
#include "model/topology.h"

namespace offlab {

inline constexpr std::size_t max_axis_values = 1000;

// Applies every value of every axis, each by itself, and all settings of every case to copies of the topology.
// `are_flows_fine`: the unchanged topology can drive its flows, so that a flow that no longer can is the case's
// mistake.
void check_axes(const Topology& topology, const std::vector<PlacedAxis>& axes, bool are_flows_fine, Mistakes& mistakes);
void check_named_cases(const Topology& topology, const std::vector<PlacedCase>& cases, bool are_flows_fine,
                       Mistakes& mistakes);

// An exclusion names axes of the file, with values that they have; and flows, where there are several.
void check_exclusions(const Topology& topology, const std::vector<PlacedAxis>& axes,
                      const std::vector<PlacedExclusion>& exclusions, Mistakes& mistakes);

}  // namespace offlab
