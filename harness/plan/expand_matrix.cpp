#include "plan/expand_matrix.h"

#include <algorithm>

#include <fmt/core.h>
#include <fnmatch.h>

#include "model/path.h"
#include "setting/setting.h"

namespace offlab {
namespace {

std::string id_of(const std::vector<SettingText>& settings) {
  std::string id;
  for (const auto& [key, value] : settings) id += fmt::format("{}{}={}", id.empty() ? "" : ",", key, value);
  return id;
}

std::vector<std::vector<SettingText>> combinations(const std::vector<Axis>& axes) {
  std::vector<std::vector<SettingText>> all = {{}};
  for (const Axis& axis : axes) {
    std::vector<std::vector<SettingText>> longer;
    for (const auto& settings : all)
      for (const std::string& value : axis.values) {
        longer.push_back(settings);
        longer.back().emplace_back(axis.key, value);
      }
    all = std::move(longer);
  }
  return all;
}

std::vector<Axis> with_overrides(std::vector<Axis> axes, const std::vector<AxisOverride>& overrides) {
  for (const AxisOverride& wanted : overrides) {
    const auto found = std::find_if(axes.begin(), axes.end(), [&](const Axis& axis) { return axis.key == wanted.key; });
    if (found == axes.end())
      axes.push_back({wanted.key, wanted.values});
    else
      found->values = wanted.values;
  }
  return axes;
}

// A key that both set; null when there is none.
const std::string* set_twice(const std::vector<SettingText>& a, const std::vector<SettingText>& b) {
  for (const auto& [key, value] : b)
    for (const auto& [other, ignored] : a)
      if (key == other) return &key;
  return nullptr;
}

bool matches_any(const std::string& id, const std::vector<std::string>& globs) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return fnmatch(glob.c_str(), id.c_str(), 0) == 0;
         });
}

// Collects cases and the mistakes of the selection.
class Expansion {
 public:
  explicit Expansion(const Scenario& scenario) : scenario_(scenario) {}

  void add(std::string id, const std::vector<SettingText>& settings, Expectation expect) {
    Case made{std::move(id), settings, scenario_.topology, expect};
    for (const SettingText& setting : settings)
      if (const auto error = apply_setting(made.topology, setting)) {
        mistake(error->message + (error->hint.empty() ? "" : " (" + error->hint + ")"));
        return;
      }
    add_each_flow(made);
  }

  void mistake(const std::string& text) {
    auto& known = result_.mistakes;
    if (std::find(known.begin(), known.end(), text) == known.end()) known.push_back(text);
  }

  void select(const std::vector<std::string>& globs) {
    auto& cases = result_.cases;
    for (const std::string& glob : globs)
      if (std::none_of(cases.begin(), cases.end(), [&](const Case& c) { return matches_any(c.id, {glob}); }))
        mistake(fmt::format("no case matches '{}' (the ids are shown by 'offlab plan FILE')", glob));
    cases.erase(std::remove_if(cases.begin(), cases.end(), [&](const Case& c) { return !matches_any(c.id, globs); }),
                cases.end());
  }

  Expanded take() { return std::move(result_); }

 private:
  // A case measures one flow; a topology with several gives a case for each.
  void add_each_flow(const Case& made) {
    for (const Flow& flow : made.topology.flows) {
      Case one = made;
      one.topology.flows = {flow};
      if (made.topology.flows.size() > 1) {
        one.axes.emplace_back("flow", flow.name);
        one.id += ",flow=" + flow.name;
      }
      const auto path = flow_path(one.topology, flow);
      const bool addressed =
          path && !path->empty() &&
          address_of(*find_interface(*find_node(one.topology, flow.from), path->front().ingress), flow.family) &&
          address_of(*find_interface(*find_node(one.topology, flow.to), path->back().egress), flow.family);
      if (addressed)
        result_.cases.push_back(std::move(one));
      else
        mistake(fmt::format("case '{}': flow '{}' has no {} path", one.id, flow.name, to_string(flow.family)));
    }
  }

  const Scenario& scenario_;
  Expanded result_;
};

}  // namespace

Expanded expand_matrix(const Scenario& scenario, const Selection& selection) {
  Expansion expansion(scenario);
  std::vector<Axis> added;
  for (const AxisOverride& wanted : selection.axes)
    if (std::none_of(scenario.axes.begin(), scenario.axes.end(), [&](const Axis& a) { return a.key == wanted.key; }))
      added.push_back({wanted.key, wanted.values});
  // With named cases alone, an added axis multiplies them; it does not make a matrix of its own.
  if (!scenario.axes.empty() || (scenario.named_cases.empty() && !added.empty()))
    for (const auto& settings : combinations(with_overrides(scenario.axes, selection.axes)))
      expansion.add(id_of(settings), settings, FaultClass::healthy);
  for (const NamedCase& named : scenario.named_cases)
    for (const auto& extra : combinations(added)) {
      const std::string id = extra.empty() ? named.name : named.name + "," + id_of(extra);
      const std::string* twice = set_twice(named.set, extra);
      if (twice == nullptr) {
        auto settings = named.set;
        settings.insert(settings.end(), extra.begin(), extra.end());
        expansion.add(id, settings, named.expect.value_or(FaultClass::healthy));
      } else if (matches_any(id, selection.globs)) {
        expansion.mistake(
            fmt::format("--axis {}: case '{}' sets it itself; leave that case out with --case", *twice, named.name));
      }
    }
  if (scenario.axes.empty() && scenario.named_cases.empty() && added.empty())
    expansion.add("default", {}, FaultClass::healthy);
  expansion.select(selection.globs);
  return expansion.take();
}

}  // namespace offlab
