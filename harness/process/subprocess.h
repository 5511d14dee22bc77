// Runs a program of the host and collects what it prints.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/deadline.h"

namespace offlab {

struct ProgramResult {
  int exit_status = -1;  // 128 + signal when it was killed
  std::string output;
  std::string errors;
};

// `arguments[0]` is looked up in PATH. `on_error_line` sees each line of stderr as it comes. The program is killed,
// with all it started, when the deadline passes, when a stop is asked for, or when we die.
// Throws Error "NAME is not installed" when there is no such program.
ProgramResult run_program(const std::vector<std::string>& arguments, const Deadline& deadline,
                          const std::stop_token& stop = {},
                          const std::function<void(const std::string&)>& on_error_line = {});

// As run_program, but an exit status other than 0 is an Error with the command and the last lines of its stderr.
ProgramResult run_or_throw(const std::vector<std::string>& arguments, const Deadline& deadline,
                           const std::stop_token& stop = {},
                           const std::function<void(const std::string&)>& on_error_line = {});

}  // namespace offlab
