#include "config/parse_scenario.h"

#include <fmt/core.h>

#include "config/assign_addresses.h"
#include "config/check_cases.h"
#include "config/check_existing.h"
#include "config/check_flows.h"
#include "config/check_routes.h"
#include "config/check_topology.h"
#include "config/complete_topology.h"
#include "config/limits.h"
#include "config/names.h"
#include "config/parse_cases.h"
#include "config/parse_measure.h"
#include "config/parse_topology.h"
#include "config/recognized_file.h"
#include "setting/image_name.h"

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
    cases.push_back({named.name, {}, named.expect, named.experimental});
    for (const PlacedSetting& setting : named.set) cases.back().set.push_back(setting.text);
  }
  return cases;
}

std::vector<std::vector<SettingText>> without_places(const std::vector<PlacedExclusion>& placed) {
  std::vector<std::vector<SettingText>> exclusions;
  for (const PlacedExclusion& exclusion : placed) {
    exclusions.emplace_back();
    for (const PlacedSetting& setting : exclusion.set) exclusions.back().push_back(setting.text);
  }
  return exclusions;
}

std::map<std::string, FileMention> recipes_of(const PlacedTopology& placed) {
  std::map<std::string, FileMention> recipes;
  for (std::size_t i = 0; i < placed.nodes.size(); ++i) {
    const Node& node = placed.topology.nodes[i];
    if (ImageName{node.image, {}}.is_path()) recipes[node.name] = {node.image, placed.nodes[i].image};
  }
  return recipes;
}

Scenario read_scenario(const TomlTable& table, std::map<std::string, FileMention>& recipes, Mistakes& mistakes) {
  TableReader root(file_table("file"), table, {}, mistakes);
  const auto name = read_file_name(root.require("name"), mistakes);
  static_cast<void>(read_text(root.find("extend"), mistakes));  // has been followed
  const auto summary = read_string(root.find("summary"), mistakes);
  const MeasureOptions measure = parse_measure(root.find("measure"), mistakes);
  const Limits limits = parse_limits(root.find("limits"), mistakes);
  PlacedTopology placed = parse_topology(root, mistakes);
  placed.topology.limits = limits;
  const std::vector<PlacedAxis> axes = parse_axes(root.find("axes"), mistakes);
  const std::vector<PlacedCase> cases = parse_named_cases(root.find("case"), mistakes);
  const std::vector<PlacedExclusion> exclusions = parse_exclusions(root.find("exclude"), mistakes);
  const auto experimental = read_maturity(root.find("maturity"), mistakes);
  root.refuse_unknown_keys();

  resolve_roles(placed);
  resolve_initiators(placed, mistakes);
  resolve_trunks(placed, mistakes);
  complete_prefixes(placed, mistakes);
  check_existing(placed, mistakes);
  check_topology(placed, mistakes);
  assign_addresses(placed, mistakes);
  check_routes(placed, mistakes);
  recipes = recipes_of(placed);
  const bool are_flows_fine = check_flows(placed, mistakes);
  check_axes(placed.topology, axes, are_flows_fine, mistakes);
  check_named_cases(placed.topology, cases, are_flows_fine, mistakes);
  check_exclusions(placed.topology, axes, exclusions, mistakes);
  return {name.value_or(""),
          summary.value_or(""),
          std::move(placed.topology),
          without_places(axes),
          without_places(cases),
          measure,
          experimental.value_or(false),
          without_places(exclusions)};
}

}  // namespace

ParsedScenario parse_scenario(std::string_view text, const std::string& file) {
  return parse_scenario({{file, std::string(text)}});
}

ParsedScenario parse_scenario(const std::vector<SourceFile>& files) {
  std::vector<std::string> names;
  for (const SourceFile& file : files) names.push_back(file.name);
  Mistakes mistakes(std::move(names));
  std::optional<TomlTable> whole;
  for (std::size_t i = files.size(); i-- > 0;) {
    const auto table =
        parse_recognized(files[i].text, file_table("file"), "topology file", mistakes, static_cast<std::uint32_t>(i));
    if (!table) return {std::nullopt, mistakes.take()};
    whole = whole ? merged(std::move(*whole), *table) : *table;
  }
  if (extended_file(files.back().text))
    mistakes.add({0, 0, static_cast<std::uint32_t>(files.size() - 1)}, "the file that this one extends was not read",
                 fmt::format("a circle, or more than {} files", max_extended_files));
  std::map<std::string, FileMention> recipes;
  Scenario scenario = read_scenario(*whole, recipes, mistakes);
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(scenario), {}, std::move(recipes)};
}

std::optional<FileMention> extended_file(std::string_view text) {
  Mistakes ignored{std::string()};
  const auto table = parse_toml(text, ignored);
  if (!table) return std::nullopt;
  for (const TomlEntry& entry : table->entries)
    if (const auto* name = std::get_if<std::string>(&entry.value.data); entry.key == "extend" && name != nullptr)
      return name->empty() ? std::nullopt : std::optional(FileMention{*name, entry.value.position});
  return std::nullopt;
}

}  // namespace offlab
