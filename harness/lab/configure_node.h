// A guest's configuration after it came up.
#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "plan/plan.h"
#include "port/node_shell.h"
#include "port/observer.h"

namespace offlab {

// Runs the node's part of the lab's configuration. Gives what its NICs say of their offloads afterwards, as `ethtool
// --json -k` does. Throws Error that names the command that failed, or what a guest with a system of its own lacks.
std::map<NicRef, std::string> configure_node(const LabPlan& lab, const NodePlan& node, NodeShell& shell, Clock& clock,
                                             Observer& observer, const std::stop_token& stop);

}  // namespace offlab
