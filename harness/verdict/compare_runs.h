// Two runs, compared: settings, versions, verdicts, counters, goodput.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/case_profile.h"
#include "model/run_difference.h"

namespace offlab {

// A run, with the settings that were read back of each of its cases, in their order; empty: not known.
struct ComparedRun {
  std::string name;
  RunResult run;
  std::vector<std::vector<SettingReading>> settings = {};
};

// Ids of the cases to compare, the first run's and the second one's; empty: those that both have. Throws Error for an
// id that the run does not have.
using ComparedCases = std::vector<std::pair<std::string, std::string>>;

RunDifference compare_runs(const ComparedRun& before, const ComparedRun& after, const ComparedCases& cases = {});

}  // namespace offlab
