// Several commands in one guest, in as few calls as the guest's SSH server takes.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "port/node_shell.h"

namespace offlab {

// The command as a script for NodeShell::run_until: it gets SIGTERM when its stdin ends.
std::string ended_by_input(const std::string& command, const std::string& end = "kill $p");

// Runs commands as root, in order; each must exit 0. Gives what they print. `limit` is for each call. Throws Error that
// names `purpose`, node and the command that failed.
std::string run_commands(NodeShell& shell, Clock& clock, const std::string& node, const std::string& purpose,
                         const std::vector<std::string>& commands, std::chrono::milliseconds limit,
                         const std::stop_token& stop);

// dropbear refuses commands of more than 9000 bytes.
inline constexpr std::size_t longest_shell_script = 6000;

// Pieces of shell in as few scripts as possible, each short enough for one call.
std::vector<std::string> packed(const std::vector<std::string>& pieces);

// The command, naming itself when it fails, and ending the script then.
std::string checked(const std::string& command);

// Shell scripts that run all of `commands`, each script short enough for one call, and stop at the first that fails,
// naming it.
std::vector<std::string> shell_scripts(const std::vector<std::string>& commands);

}  // namespace offlab
