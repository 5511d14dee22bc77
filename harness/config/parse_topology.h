// [[network]], [[node]], [[flow]] and hypervisor: from TOML to a topology whose addresses are still those of the file.
#pragma once

#include "config/mistakes.h"
#include "config/placed_topology.h"
#include "config/table_reader.h"

namespace offlab {

// At most this many are read; more are a mistake.
inline constexpr std::size_t max_networks = 16;
inline constexpr std::size_t max_nodes = 16;
inline constexpr std::size_t max_flows = 16;
inline constexpr std::size_t max_interfaces = 8;  // of one node

// What a single table says by itself is checked here; what concerns several of them in check_topology.
PlacedTopology parse_topology(TableReader& root, Mistakes& mistakes);

// Only for parse_topology: parse_node.cpp.
void parse_node(const PlacedTable& table, PlacedTopology& into, Mistakes& mistakes);

}  // namespace offlab
