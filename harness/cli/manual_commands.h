// The commands that print what is said of the command line: options in, exit status out. They need neither a cache nor
// a network. manual_command_line.cpp fills the options in.
#pragma once

#include <string>

#include "manual/command_tree.h"

namespace offlab {

struct ManOptions {
  std::string command = {};  // "run"; empty: the program
  std::string folder = {};   // all pages, into it
};
int man_command(const Command& program, const ManOptions& options);

struct CompletionOptions {
  std::string shell = {};
};
int completion_command(const Command& program, const CompletionOptions& options);

}  // namespace offlab
