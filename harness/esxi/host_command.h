// A command of an ESXi host's shell.
#pragma once

#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "port/node_shell.h"

namespace offlab {

// What it prints. `shown`: the command for people, where `script` is more than that. What a host prints for a mistake,
// and where, differs: Error with all of it, when it does not exit with 0.
std::string run_on_host(NodeShell& shell, const std::string& host, const std::string& shown, const std::string& script,
                        const Deadline& deadline, const std::stop_token& stop);

}  // namespace offlab
