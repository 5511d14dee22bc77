#include "unit/library/inner_side.h"

#include "base/diagnostic.h"
#include "config/parse_scenario.h"
#include "plan/expand_matrix.h"
#include "record/run_json.h"
#include "unit/report/sample_run.h"

namespace inner_side {

std::string sample_run_json() {
  return offlab::run_json(offlab::sample_run());
}

std::string mistakes_in(const std::string& toml) {
  return offlab::render(offlab::parse_scenario(toml, "topology.toml").diagnostics, toml);
}

std::vector<std::string> case_ids_of(const std::string& toml) {
  std::vector<std::string> ids;
  for (const offlab::Case& one : offlab::expand_matrix(offlab::parse_scenario(toml, "t").scenario.value(), {}).cases)
    ids.push_back(one.id);
  return ids;
}

std::string features_of_router_in(const std::string& toml, const std::string& case_id) {
  std::string text;
  for (const offlab::Case& one : offlab::expand_matrix(offlab::parse_scenario(toml, "t").scenario.value(), {}).cases)
    if (one.id == case_id)
      for (const auto& [name, on] : offlab::find_node(one.topology, "router")->interfaces.front().features)
        text += name + "=" + (on ? "on" : "off") + "\n";
  return text;
}

}  // namespace inner_side
