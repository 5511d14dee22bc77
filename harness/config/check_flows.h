// Can the flows of a topology be driven?
#pragma once

#include <optional>
#include <string>

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

struct FlowProblem {
  bool in_family = false;  // the path is there, but not for the flow's family
  std::string message;
  std::string hint;
};

// Expects a flow between two nodes of the topology. Nothing when its path passes exactly one router and carries its
// family all the way.
std::optional<FlowProblem> find_flow_problem(const Topology& topology, const Flow& flow);

// The first problem of any flow.
std::optional<FlowProblem> find_flow_problem(const Topology& topology);

// Checks the ends of every flow, and its path where the parts that make up paths are sound. True when every flow was
// checked and is fine.
bool check_flows(const PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
