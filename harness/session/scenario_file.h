// Topology files from the command line: read, checked, narrowed down to the wanted cases.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/image_recipe.h"
#include "plan/expand_matrix.h"
#include "plan/plan.h"
#include "record/run_folder.h"

namespace offlab {

// The options that choose cases and durations, shared by run, verify and plan.
struct ScenarioOptions {
  std::string file;
  std::vector<std::string> cases;
  std::vector<std::string> axes;
  std::string duration;
  std::string warmup;
  bool extend_anywhere = false;  // may files outside of the file's folder be named by it?
};

struct LoadedScenario {
  std::vector<SourceFile> files;  // the file, the one it extends, and so on
  Scenario scenario;
  std::vector<Case> cases;
};

// Throws UsageError with every mistake.
LoadedScenario load_scenario(const ScenarioOptions& options);

// Keeps copies of a scenario's files in a folder, and loads it again from there.
void keep_files(const std::vector<SourceFile>& files, const RunFolder& folder);
LoadedScenario load_kept_scenario(const RunFolder& folder, const ScenarioOptions& options);

// "NAME", or "NAME@RELEASE" for another kernel: guest-images/NAME.toml, shipped or in the working folder.
ImageRecipe load_image_recipe(const std::string& key);

}  // namespace offlab
