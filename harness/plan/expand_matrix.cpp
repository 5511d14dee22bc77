#include "plan/expand_matrix.h"

#include <algorithm>

#include <fmt/core.h>
#include <fnmatch.h>

#include "model/path.h"
#include "setting/setting.h"

namespace offlab {
namespace {

// Which flow, and with axes added which named case: chosen as the values of axes are. No setting has these names.
constexpr const char* flow_axis = "flow";
constexpr const char* case_axis = "case";

std::string id_of(const SettingTexts& settings) {
  std::string id;
  for (const auto& [key, value] : settings) id += fmt::format("{}{}={}", id.empty() ? "" : ",", key, value);
  return id;
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
const std::string* set_twice(const SettingTexts& a, const SettingTexts& b) {
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

  // `settings` may have the flow, as its last; a topology of one flow does not name it.
  void add(std::string id, const SettingTexts& settings, Expectation expect, std::optional<bool> experimental = {}) {
    Case made{std::move(id), settings, scenario_.topology, expect, experimental.value_or(scenario_.experimental)};
    for (const SettingText& setting : settings) {
      if (setting.first == flow_axis) {
        auto& flows = made.topology.flows;
        flows.erase(std::remove_if(flows.begin(), flows.end(), [&](const Flow& f) { return f.name != setting.second; }),
                    flows.end());
      } else if (const auto error = apply_setting(made.topology, setting)) {
        mistake(error->message + (error->hint.empty() ? "" : " (" + error->hint + ")"));
        return;
      }
    }
    add_if_addressed(std::move(made));
  }

  std::vector<SettingTexts> rows(const std::vector<Axis>& axes, const std::vector<SettingTexts>& excluded,
                                 const std::optional<Covering>& covering) {
    ChosenRows chosen = choose_rows(axes, excluded, covering);
    for (const std::string& text : chosen.mistakes) mistake(text);
    return std::move(chosen.rows);
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
  void add_if_addressed(Case made) {
    const Flow& flow = made.topology.flows.front();
    const auto path = flow_path(made.topology, flow);
    const bool addressed =
        path && !path->empty() &&
        address_of(*find_interface(*find_node(made.topology, flow.from), path->front().ingress), flow.family) &&
        address_of(*find_interface(*find_node(made.topology, flow.to), path->back().egress), flow.family);
    if (addressed)
      result_.cases.push_back(std::move(made));
    else
      mistake(fmt::format("case '{}': flow '{}' has no {} path", made.id, flow.name, to_string(flow.family)));
  }

  const Scenario& scenario_;
  Expanded result_;
};

// Which of the flows a case measures. Nothing where there is one only.
std::vector<Axis> flow_axes(const Topology& topology) {
  if (topology.flows.size() < 2) return {};
  Axis axis{flow_axis, {}};
  for (const Flow& flow : topology.flows) axis.values.push_back(flow.name);
  return {axis};
}

std::vector<Axis> joined(std::vector<Axis> axes, const std::vector<Axis>& more) {
  axes.insert(axes.end(), more.begin(), more.end());
  return axes;
}

// Of the options: what a word of them names is an axis, so that no typing error leaves everything in.
void check_excluded(const std::vector<SettingTexts>& excluded, const std::vector<Axis>& axes, Expansion& expansion) {
  for (const SettingTexts& settings : excluded)
    for (const SettingText& setting : settings) {
      const auto axis =
          std::find_if(axes.begin(), axes.end(), [&](const Axis& one) { return one.key == setting.first; });
      if (axis == axes.end())
        expansion.mistake(fmt::format("--exclude: no axis is called '{}'", setting.first));
      else if (std::find(axis->values.begin(), axis->values.end(), setting.second) == axis->values.end())
        expansion.mistake(fmt::format("--exclude: the axis '{}' has no value '{}'", setting.first, setting.second));
    }
}

class Matrix {
 public:
  Matrix(const Scenario& scenario, const Selection& selection)
      : scenario_(scenario),
        selection_(selection),
        flow_(flow_axes(scenario.topology)),
        excluded_(scenario.excluded),
        expansion_(scenario) {
    for (const AxisOverride& wanted : selection.axes)
      if (std::none_of(scenario.axes.begin(), scenario.axes.end(), [&](const Axis& a) { return a.key == wanted.key; }))
        added_.push_back({wanted.key, wanted.values});
    excluded_.insert(excluded_.end(), selection.excluded.begin(), selection.excluded.end());
  }

  Expanded expand() {
    // With named cases alone, an added axis multiplies them; it does not make a matrix of its own.
    const bool has_matrix = !scenario_.axes.empty() || (scenario_.named_cases.empty() && !added_.empty());
    std::vector<Axis> known = has_matrix ? matrix_axes() : std::vector<Axis>();
    if (!scenario_.named_cases.empty() && !added_.empty()) known = joined(known, named_axes());
    check_excluded(selection_.excluded, known, expansion_);
    if (has_matrix) add_matrix();
    if (!scenario_.named_cases.empty() && !added_.empty()) add_named_cases_with_axes();
    if (added_.empty())
      for (const NamedCase& named : scenario_.named_cases) add_named(named);
    if (!has_matrix && scenario_.named_cases.empty()) add_named({"default", {}, {}});
    expansion_.select(selection_.globs);
    return expansion_.take();
  }

 private:
  std::vector<Axis> matrix_axes() const { return joined(with_overrides(scenario_.axes, selection_.axes), flow_); }

  std::vector<Axis> named_axes() const {
    Axis names{case_axis, {}};
    for (const NamedCase& named : scenario_.named_cases) names.values.push_back(named.name);
    return joined(joined({names}, added_), flow_);
  }

  void add_matrix() {
    for (const SettingTexts& settings : expansion_.rows(matrix_axes(), excluded_, selection_.covering))
      expansion_.add(id_of(settings), settings, FaultClass::healthy);
  }

  // For each flow.
  void add_named(const NamedCase& named) {
    for (const SettingTexts& flow : expansion_.rows(flow_, {}, {})) add_with(named, flow);
  }

  void add_named_cases_with_axes() {
    for (SettingTexts& row : expansion_.rows(named_axes(), excluded_, selection_.covering)) {
      const auto named = std::find_if(scenario_.named_cases.begin(), scenario_.named_cases.end(),
                                      [&](const NamedCase& one) { return one.name == row.front().second; });
      row.erase(row.begin());
      add_with(*named, row);
    }
  }

  void add_with(const NamedCase& named, const SettingTexts& more) {
    const std::string id = more.empty() ? named.name : named.name + "," + id_of(more);
    const std::string* twice = set_twice(named.set, more);
    if (twice == nullptr) {
      SettingTexts settings = named.set;
      settings.insert(settings.end(), more.begin(), more.end());
      expansion_.add(id, settings, named.expect.value_or(FaultClass::healthy), named.experimental);
    } else if (matches_any(id, selection_.globs)) {
      expansion_.mistake(
          fmt::format("--axis {}: case '{}' sets it itself; leave that case out with --case", *twice, named.name));
    }
  }

  const Scenario& scenario_;
  const Selection& selection_;
  std::vector<Axis> flow_;
  std::vector<Axis> added_;  // that the file lacks
  std::vector<SettingTexts> excluded_;
  Expansion expansion_;
};

}  // namespace

Expanded expand_matrix(const Scenario& scenario, const Selection& selection) {
  return Matrix(scenario, selection).expand();
}

}  // namespace offlab
