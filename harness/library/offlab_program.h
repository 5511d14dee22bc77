// The offlab program, asked by the library. It does the work: labs need processes of their own, and the answers are
// then those of the command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <offlab/options.h>

namespace offlab::library {

// What the program exits with (docs/run-json.md).
inline constexpr int usage_status = 2;
inline constexpr int error_status = 3;

struct Answer {
  int status = error_status;
  std::string output;
  std::string errors;
};

// Options::program says which. Throws Failure when there is none.
std::string find_program(const Options& options);
// The folder of shipped topologies, which is found relative to the program. Throws Failure.
std::filesystem::path shipped_topologies(const std::string& program);

// Runs it to its end, and shows its progress. Throws Failure when it cannot be started.
Answer ask_program(const Options& options, const std::vector<std::string>& arguments);

// What it said about why there is no result: without the lines of its progress.
std::string complaint_in(const std::string& errors);
[[noreturn]] void fail_with(const Answer& answer);

}  // namespace offlab::library
