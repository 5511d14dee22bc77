#include "staying/lab_blueprint.h"

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "plan/live_steps.h"
#include "setting/setting.h"

namespace offlab {
namespace {

Topology first_topology(const Scenario& scenario, const Case& chosen, bool case_settings) {
  return case_settings ? chosen.topology : with_settings(chosen.topology, scenario.topology);
}

LoadedScenario load_all_cases(const std::string& file, const std::vector<std::string>& axes) {
  ScenarioOptions options;
  options.file = file;
  options.axes = axes;
  return load_scenario(options);
}

LabBlueprint draw(const LoadedScenario& all, const Case& chosen, const std::string& file,
                  const std::vector<std::string>& axes, bool case_settings) {
  LabBlueprint blueprint;
  blueprint.name = all.scenario.name;
  blueprint.file = std::filesystem::absolute(file);
  blueprint.files = all.files;
  blueprint.case_id = chosen.id;
  blueprint.axes = axes;
  blueprint.case_settings = case_settings;
  blueprint.base = first_topology(all.scenario, chosen, case_settings);
  blueprint.plan = plan_staying_lab(all.scenario, blueprint.base, all.cases);
  return blueprint;
}

}  // namespace

LabBlueprint make_blueprint(const std::string& file, const std::string& case_glob) {
  ScenarioOptions narrowed;
  narrowed.file = file;
  if (!case_glob.empty()) narrowed.cases = {case_glob};
  return draw(load_all_cases(file, {}), load_scenario(narrowed).cases.front(), file, {}, !case_glob.empty());
}

LabBlueprint blueprint_for(const Case& chosen, const std::string& file, const std::vector<std::string>& axes) {
  return draw(load_all_cases(file, axes), chosen, file, axes, false);
}

Topology running_topology(const LabEntry& entry, const std::string& lab_folder) {
  LoadedScenario all;
  try {
    ScenarioOptions options;
    options.axes = entry.axes;
    all = load_kept_scenario(RunFolder(lab_folder), options);
  } catch (const UsageError& error) {
    throw Error(fmt::format("lab '{}' has a topology that this offlab does not read: {}", entry.name, error.what()));
  }
  const auto chosen =
      std::find_if(all.cases.begin(), all.cases.end(), [&](const Case& one) { return one.id == entry.case_id; });
  if (chosen == all.cases.end())
    throw Error(fmt::format("the topology of lab '{}' has no case '{}'", entry.name, entry.case_id));
  Topology topology = first_topology(all.scenario, *chosen, entry.case_settings);
  for (const SettingText& setting : entry.set)
    if (const auto mistake = apply_setting(topology, setting))
      throw Error(fmt::format("lab '{}': {}", entry.name, mistake->message));
  return topology;
}

}  // namespace offlab
