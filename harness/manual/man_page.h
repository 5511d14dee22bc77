// Man pages of the commands: man(7), section 1.
#pragma once

#include <string>

#include "manual/command_tree.h"

namespace offlab {

struct ManualEdition {
  std::string version;  // of the program
  std::string date;     // "2026-11-30"
};

// "offlab-run.1".
std::string man_page_file(const Command& command);

// Of the program: `command` is `program`; or of one of its commands, with those below it.
std::string man_page(const Command& program, const Command& command, const ManualEdition& edition);

}  // namespace offlab
