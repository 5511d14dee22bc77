// The commands that configure a guest: interfaces, addresses, routes, forwarding, services.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "plan/step.h"
#include "setting/guest_items.h"

namespace offlab {

// Once, after boot.
std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan);

// Makes these items of the node what the topology says, as far as commands do that.
std::vector<std::string> item_commands(const Topology& topology, const Node& node, const GuestItems& items);

// Before every leg: the items that it has to switch, and caches that would carry one leg into the next.
std::vector<std::string> leg_commands(const Topology& topology, const Node& node, const GuestItems& items);

// What of these items is switched by a step and not by a command, without any command.
step::NodeSettings node_settings(const Node& node, const GuestItems& items);

}  // namespace offlab
