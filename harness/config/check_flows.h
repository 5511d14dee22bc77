// Can the flows of a topology be driven?
#pragma once

#include <optional>
#include <string>

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

struct FlowProblem {
  bool in_family = false;  // the path is there, but not for the flow's family
  bool in_background = false;
  std::string message;
  std::string hint;
};

// Expects a flow between two nodes of the topology. Nothing when it comes from one node, not from one that stands for
// many, and its path passes at least one device under test and carries its family all the way.
std::optional<FlowProblem> find_flow_problem(const Topology& topology, const Flow& flow);

// The problem of the first flow that has one.
std::optional<FlowProblem> find_flow_problem(const Topology& topology);

// Checks the ends of every flow, and its path where the parts that make up paths are sound. True when every flow was
// checked and is fine.
bool check_flows(const PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
