// [[network]], [[node]], [[flow]] and hypervisor: from TOML to a topology whose addresses are still those of the file.
#pragma once

#include "config/limits.h"
#include "config/mistakes.h"
#include "config/placed_topology.h"
#include "config/table_reader.h"

namespace offlab {

// What a single table says by itself is checked here; what concerns several of them in check_topology.
PlacedTopology parse_topology(TableReader& root, Mistakes& mistakes);

// hypervisor = { lro = "off" }, on the top level, in a network, a node and an interface; nothing where it is absent.
std::optional<HypervisorLro> parse_hypervisor(const TomlEntry* entry, Mistakes& mistakes);
std::optional<IpPrefix> read_prefix(const TomlEntry* entry, Family family, Mistakes& mistakes);

// Only for parse_topology: parse_node.cpp.
void parse_node(const PlacedTable& table, PlacedTopology& into, Mistakes& mistakes);

}  // namespace offlab
