// Shells for machines that exist, in the words of their systems.
#pragma once

#include <memory>
#include <string>

#include "port/node_shell.h"
#include "ssh/machine_target.h"

namespace offlab {

// How the machine is reached; commands find what offlab brings there.
SshTarget target_of(const MachineLogin& login);
// Of one machine that is in no lab, by this name. As ShellMaker (machine/borrowed_machines.h).
std::unique_ptr<NodeShell> machine_shell(const std::string& node, const MachineLogin& login);

}  // namespace offlab
