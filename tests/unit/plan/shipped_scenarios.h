// The topology files that users copy from, parsed.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "folders.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"

namespace offlab {

inline Scenario shipped_scenario(const std::string& name) {
  const std::filesystem::path file = std::filesystem::path(source_folder()) / "topologies" / (name + ".toml");
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  const ParsedScenario parsed = parse_scenario(text.str(), file.string());
  EXPECT_TRUE(parsed.diagnostics.empty()) << render(parsed.diagnostics, text.str());
  return parsed.scenario.value();
}

// Every topology file that is shipped, and those of the lab tests.
inline std::vector<std::filesystem::path> shipped_files() {
  std::vector<std::filesystem::path> files;
  for (const char* folder : {"topologies", "tests/lab"})
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(source_folder()) / folder))
      if (entry.path().extension() == ".toml") files.push_back(entry.path());
  return files;
}

// Of its cases, as `run` makes it.
inline RunPlan plan_of_shipped(const std::string& name, Question question = Question::as_expected) {
  const Scenario scenario = shipped_scenario(name);
  return make_plan(scenario, expand_matrix(scenario, {}).cases, question);
}

// Its topology without its cases.
inline Scenario bare_scenario(const std::string& name) {
  Scenario scenario = shipped_scenario(name);
  scenario.named_cases.clear();
  scenario.axes.clear();
  return scenario;
}

}  // namespace offlab
