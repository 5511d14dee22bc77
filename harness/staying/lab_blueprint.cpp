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

LoadedScenario load_all_cases(const ScenarioOptions& options) {
  ScenarioOptions all;
  all.file = options.file;
  all.axes = options.axes;
  all.extend_anywhere = options.extend_anywhere;
  return load_scenario(all);
}

LabBlueprint draw(const LoadedScenario& all, const Case& chosen, const ScenarioOptions& options, bool case_settings) {
  LabBlueprint blueprint;
  blueprint.name = all.scenario.name;
  blueprint.file = std::filesystem::absolute(options.file);
  blueprint.files = all.files;
  blueprint.case_id = chosen.id;
  blueprint.axes = options.axes;
  blueprint.case_settings = case_settings;
  blueprint.base = first_topology(all.scenario, chosen, case_settings);
  blueprint.plan = plan_staying_lab(all.scenario, blueprint.base, all.cases);
  return blueprint;
}

}  // namespace

LabBlueprint make_blueprint(const ScenarioOptions& options) {
  return draw(load_all_cases(options), load_scenario(options).cases.front(), options, !options.cases.empty());
}

LabBlueprint blueprint_for(const Case& chosen, const ScenarioOptions& options) {
  return draw(load_all_cases(options), chosen, options, false);
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
  // Which recipe a path led to was found when the lab was started.
  for (const NodePlan& started : entry.plan.nodes)
    if (Node* node = find_node(topology, started.name)) {
      node->image = started.image;
      if (started.disk) use_disk(*node, *started.disk);
    }
  for (const SettingText& setting : entry.set)
    if (const auto mistake = apply_setting(topology, setting))
      throw Error(fmt::format("lab '{}': {}", entry.name, mistake->message));
  return topology;
}

}  // namespace offlab
