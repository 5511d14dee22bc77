// Several topology files run one after the other: what they add up to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/verdict.h"

namespace offlab {

// A file of the suite: its run, or why there is none.
struct SuiteMember {
  std::string name;  // of the file without ".toml", and of its run folder in the suite's
  std::optional<RunResult> run;
  bool mistaken = false;  // no run: the file is wrong, not the lab
  std::string trouble;    // no run: what to tell
};

// One result of all: cases are "MEMBER/CASE", artifacts are relative to the suite's folder, a member without a run is a
// case of its own with outcome error.
RunResult suite_result(const std::string& name, const std::vector<SuiteMember>& members);

// 1 fail, 2 a mistaken file, 3 error, 4 inconclusive, 0 pass: the first that applies.
int suite_exit_code(const std::vector<SuiteMember>& members);

// A table of every case, and the sums.
std::string console_suite(const RunResult& suite, const std::string& folder);

}  // namespace offlab
