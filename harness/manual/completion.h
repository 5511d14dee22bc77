// Completions of the command line: scripts that need nothing but their shell.
#pragma once

#include <string>

#include "manual/command_tree.h"

namespace offlab {

// Printed into bash-completion's folder, or sourced: source <(offlab completion bash).
std::string bash_completion(const Command& program);
// As _offlab in a folder of $fpath, or sourced after compinit.
std::string zsh_completion(const Command& program);
// As offlab.fish in a folder of $fish_complete_path, or sourced.
std::string fish_completion(const Command& program);

}  // namespace offlab
