// The command line as a value, for man pages and completions.
#pragma once

#include <CLI/CLI.hpp>

#include "manual/command_tree.h"

namespace offlab {

// What is not in --help is left out. The kind of a value follows from its type_name: FILE, DIR, RUN, NIGHT, TOML.
Command read_command_line(CLI::App& app);

}  // namespace offlab
