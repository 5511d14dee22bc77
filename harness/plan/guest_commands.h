// The commands that configure a guest: interfaces, addresses, routes, forwarding, services.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

// Once, after boot. Interfaces are named after their networks.
std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan);

// Before every leg: what differs between the cases of a lab, and caches that would carry one leg into the next.
// `varying_mtus` holds "NODE/NETWORK" of the interfaces whose MTU some case of the lab changes.
std::vector<std::string> leg_commands(const Topology& topology, const Node& node,
                                      const std::set<std::string>& varying_mtus);

}  // namespace offlab
