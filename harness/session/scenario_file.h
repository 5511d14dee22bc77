// Topology files from the command line: read, checked, narrowed down to the wanted cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/expand_matrix.h"
#include "plan/plan.h"
#include "plan/time_estimate.h"
#include "record/run_folder.h"

namespace offlab {

// The options that choose cases and durations, shared by run, verify and plan.
struct ScenarioOptions {
  std::string file;
  std::vector<std::string> cases;
  std::vector<std::string> axes;
  std::vector<std::string> excluded;  // "KEY=VALUE,KEY=VALUE"
  bool pairwise = false;
  std::string t_way;    // "2", "3", "3:KEY,KEY,KEY"
  std::string last;     // folder of an earlier run of the file
  LastResults known;    // instead of `last`: what is known of the cases from elsewhere
  std::string budget;   // "10m": how long a run may take; empty: as long as it takes
  unsigned repeat = 1;  // each case so many times, as cases of their own: "NAME,repeat=2"
  std::string duration;
  std::string warmup;
  bool extend_anywhere = false;  // may files outside of the file's folder be named by it?
  std::string max_rate = {};     // of MeasureOptions
  std::string max_bytes = {};
  std::string max_seconds = {};
  bool reference = false;  // a leg without the routers, whatever the file says
};

struct LoadedScenario {
  std::vector<SourceFile> files;  // the file, the one it extends, and so on
  Scenario scenario;
  std::vector<Case> cases;  // in file order; with `last` or `budget` those that tell most first
  LastResults last = {};
  std::optional<double> budget_seconds = {};
};

// Throws UsageError with every mistake. A node's `image` that is a path is absolute then.
LoadedScenario load_scenario(const ScenarioOptions& options);

// Files that its machines need and that are not there: disks, keys, passwords. A sentence each.
std::vector<std::string> missing_files(const LoadedScenario& loaded);

// Of a topology file and those that it extends, in hexadecimal digits.
std::string digest_of(const std::vector<SourceFile>& files);

// "KEY=VALUE[,KEY=VALUE]" of an option. Throws UsageError.
SettingTexts setting_list(const std::string& text, const char* option);

// Keeps copies of a scenario's files in a folder, and loads it again from there. Paths of image recipes are then as
// they stand in the files: nothing is looked for.
void keep_files(const std::vector<SourceFile>& files, const RunFolder& folder);
LoadedScenario load_kept_scenario(const RunFolder& folder, const ScenarioOptions& options);

}  // namespace offlab
