// A guest of a lab that stays, for a command that looks into it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "ssh/lab_keys.h"
#include "ssh/ssh_session.h"
#include "staying/staying_lab.h"

namespace offlab {

// Throws UsageError that lists the lab's nodes.
const NodePlan& node_of(const LabEntry& entry, const std::string& name);
// The NIC on that network; a tap's name is understood as well. Throws UsageError.
const NicPlan& nic_of(const NodePlan& node, const std::string& interface);

std::filesystem::path serial_log_of(const std::filesystem::path& lab_folder, const LabEntry& entry,
                                    const std::string& node);

// What follows is for a process inside the lab (enter_running_lab).

// Throws Error when the lab was started by an offlab whose guests had no key of their own.
LabKeys keys_of(const LabEntry& entry, const NodePlan& node);

// How the node is reached. Throws as keys_of does.
SshTarget target_of(const LabEntry& entry, const NodePlan& node);

// Does its QEMU run?
bool guest_runs(const NodePlan& node);
// Runs `action` on a session with the guest. An Error gets the guest's last serial lines.
int with_guest(const LabEntry& entry, const NodePlan& node, const std::function<int(SshSession&)>& action);

}  // namespace offlab
