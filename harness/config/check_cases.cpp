#include "config/check_cases.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "config/check_flows.h"
#include "config/check_topology.h"
#include "setting/setting.h"

namespace offlab {
namespace {

// NODE.sysctl.NAME at its longest has fewer.
constexpr std::size_t max_setting_key = 110;

std::optional<SettingError> try_setting(Topology& topology, const SettingText& setting) {
  if (setting.first.size() > max_setting_key) return SettingError{true, "no setting has so long a name", ""};
  return apply_setting(topology, setting);
}

bool are_networks_fine(const Topology& topology) {
  return std::all_of(topology.networks.begin(), topology.networks.end(),
                     [](const Network& network) { return shaping_problem(network).empty(); });
}

// What is wrong with a topology whose settings were all applied, and was fine before them.
std::optional<FlowProblem> find_problem(const Topology& without, const Topology& with_settings, bool are_flows_fine) {
  if (are_networks_fine(without))
    for (const Network& network : with_settings.networks)
      if (std::string problem = shaping_problem(network); !problem.empty())
        return FlowProblem{false, false, std::move(problem), queue_hint};
  return are_flows_fine ? find_flow_problem(with_settings) : std::nullopt;
}

void check_axis(const Topology& topology, const PlacedAxis& axis, bool are_flows_fine, Mistakes& mistakes) {
  for (const PlacedString& value : axis.values) {
    Topology with_setting = topology;
    const auto error = try_setting(with_setting, {axis.key, value.text});
    if (error) {
      mistakes.add(error->in_key ? axis.position : value.position, error->message, error->hint);
      if (error->in_key) return;
    } else if (const auto problem = find_problem(topology, with_setting, are_flows_fine)) {
      mistakes.add(value.position, fmt::format("with this value, {}", problem->message), problem->hint);
    }
  }
}

void check_named_case(const Topology& topology, const PlacedCase& named, bool are_flows_fine, Mistakes& mistakes) {
  Topology with_settings = topology;
  bool is_applied = true;
  for (const PlacedSetting& setting : named.set) {
    const auto error = try_setting(with_settings, setting.text);
    if (!error) continue;
    is_applied = false;
    mistakes.add(error->in_key ? setting.key : setting.value, error->message, error->hint);
  }
  if (!is_applied) return;
  if (const auto problem = find_problem(topology, with_settings, are_flows_fine))
    mistakes.add(named.position, fmt::format("in this case, {}", problem->message), problem->hint);
}

}  // namespace

void check_axes(const Topology& topology, const std::vector<PlacedAxis>& axes, bool are_flows_fine,
                Mistakes& mistakes) {
  for (const PlacedAxis& axis : axes) {
    if (axis.values.size() <= max_axis_values) continue;
    mistakes.add(axis.position, fmt::format("an axis with more than {} values", max_axis_values));
    return;
  }
  for (const PlacedAxis& axis : axes) check_axis(topology, axis, are_flows_fine, mistakes);
}

void check_named_cases(const Topology& topology, const std::vector<PlacedCase>& cases, bool are_flows_fine,
                       Mistakes& mistakes) {
  for (const PlacedCase& named : cases) check_named_case(topology, named, are_flows_fine, mistakes);
}

void check_exclusions(const Topology& topology, const std::vector<PlacedAxis>& axes,
                      const std::vector<PlacedExclusion>& exclusions, Mistakes& mistakes) {
  std::map<std::string, std::vector<std::string>> values;
  std::vector<std::string> keys;
  for (const PlacedAxis& axis : axes)
    for (const PlacedString& value : axis.values) values[axis.key].push_back(value.text);
  if (topology.flows.size() > 1)
    for (const Flow& flow : topology.flows) values["flow"].push_back(flow.name);
  for (const auto& [key, ignored] : values) keys.push_back(key);
  for (const PlacedExclusion& exclusion : exclusions)
    for (const PlacedSetting& setting : exclusion.set) {
      const auto& [key, value] = setting.text;
      const auto known = values.find(key);
      if (known == values.end())
        mistakes.add(setting.key, fmt::format("no axis is called '{}'", key), hint_for(key, keys));
      else if (std::find(known->second.begin(), known->second.end(), value) == known->second.end())
        mistakes.add(setting.value, fmt::format("the axis '{}' has no value '{}'", key, value),
                     hint_for(value, known->second));
    }
}

}  // namespace offlab
