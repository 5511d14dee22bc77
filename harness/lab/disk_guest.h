// Guests that boot a disk of their own: what has to happen before they are like any other.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "plan/plan.h"
#include "port/node_shell.h"
#include "port/observer.h"

namespace offlab {

// A program that guests need, on this host.
struct GuestTool {
  std::string program;   // offlab-state
  std::string fallback;  // a shell script that does the same where the program cannot run; empty: there is none
};

// Returns when the guest's system has started what it starts, or after limits::settle, and has the tool. Throws Error
// where neither the program nor the script runs.
void prepare_disk_guest(NodeShell& shell, Clock& clock, const std::string& node, const GuestTool& tool,
                        Observer& observer, const std::stop_token& stop);

// The same of a machine that exists, whose boot nobody waits for.
void prepare_machine(NodeShell& shell, Clock& clock, const NodePlan& node, const GuestTool& tool, Observer& observer,
                     const std::stop_token& stop);

// Throws Error, with everything that is wrong, when a guest lacks NICs or programs.
void check_disk_guest(NodeShell& shell, Clock& clock, const NodePlan& node, Observer& observer,
                      const std::stop_token& stop);
// Waits up to limits::own_configuration for what the guest must have configured itself; then the same.
void check_own_configuration(NodeShell& shell, Clock& clock, const NodePlan& node, const std::stop_token& stop);

}  // namespace offlab
