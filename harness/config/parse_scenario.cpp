#include "config/parse_scenario.h"

#include "config/assign_addresses.h"
#include "config/check_cases.h"
#include "config/check_flows.h"
#include "config/check_topology.h"
#include "config/names.h"
#include "config/parse_cases.h"
#include "config/parse_measure.h"
#include "config/parse_topology.h"

namespace offlab {
namespace {

std::vector<Axis> without_places(const std::vector<PlacedAxis>& placed) {
  std::vector<Axis> axes;
  for (const PlacedAxis& axis : placed) {
    axes.push_back({axis.key, {}});
    for (const PlacedString& value : axis.values) axes.back().values.push_back(value.text);
  }
  return axes;
}

std::vector<NamedCase> without_places(const std::vector<PlacedCase>& placed) {
  std::vector<NamedCase> cases;
  for (const PlacedCase& named : placed) {
    cases.push_back({named.name, {}, named.expect});
    for (const PlacedSetting& setting : named.set) cases.back().set.push_back(setting.text);
  }
  return cases;
}

Scenario read_scenario(const TomlTable& table, Mistakes& mistakes) {
  TableReader root(table, {}, mistakes);
  const auto name = read_file_name(root.require("name"), mistakes);
  const auto summary = read_string(root.find("summary"), mistakes);
  const MeasureOptions measure = parse_measure(root.find("measure"), mistakes);
  PlacedTopology placed = parse_topology(root, mistakes);
  const std::vector<PlacedAxis> axes = parse_axes(root.find("axes"), mistakes);
  const std::vector<PlacedCase> cases = parse_named_cases(root.find("case"), mistakes);
  root.refuse_unknown_keys();

  check_topology(placed, mistakes);
  assign_addresses(placed, mistakes);
  const bool are_flows_fine = check_flows(placed, mistakes);
  check_axes(placed.topology, axes, are_flows_fine, mistakes);
  check_named_cases(placed.topology, cases, are_flows_fine, mistakes);
  return {name.value_or(""),    summary.value_or(""),  std::move(placed.topology),
          without_places(axes), without_places(cases), measure};
}

}  // namespace

ParsedScenario parse_scenario(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_toml(text, mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  Scenario scenario = read_scenario(*table, mistakes);
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(scenario), {}};
}

}  // namespace offlab
