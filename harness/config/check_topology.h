// What the parts of a topology must be to each other.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

// Names are unique, references lead somewhere, prefixes are for benchmarking and apart from each other, addresses that
// nodes chose lie in their networks, and every role has the interfaces it needs.
void check_topology(const PlacedTopology& placed, Mistakes& mistakes);

// What a network asks for and cannot have: a queue without a rate, or beside delay or loss. Empty: nothing.
std::string shaping_problem(const Network& network);
inline constexpr const char* queue_hint = "a queue goes with rate, and not with delay or loss";

// A router joins networks, every other node is on at least one.
std::size_t needed_interfaces(NodeRole role);

// The hint for a reference that leads nowhere: the nearest of the names.
std::string hint_for_name(std::string_view name, const std::vector<Network>& networks);
std::string hint_for_name(std::string_view name, const std::vector<Node>& nodes);

}  // namespace offlab
