#include "record/bisect_json.h"

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {

std::string bisect_json(const BisectReport& report) {
  const auto class_of = [](const std::optional<FaultClass>& one) {
    return one ? json(to_string(*one)) : json(nullptr);
  };
  json steps = json::array();
  for (const BisectStep& step : report.steps)
    steps.push_back({{"case", step.id},
                     {"shows", step.shows},
                     {"outcome", to_string(step.result.forwarding)},
                     {"class", class_of(step.result.fault_class)},
                     {"reason", step.result.reason},
                     {"folder", step.folder}});
  const json document = {{"schema", "offlab.bisect/1"},
                         {"name", report.name},
                         {"good", report.good},
                         {"bad", report.bad},
                         {"class", class_of(report.fault_class)},
                         {"flake_rate", report.flake_rate},
                         {"searched", report.searched},
                         {"end", to_string(report.end)},
                         {"found", report.found},
                         {"likelihood", report.likelihood},
                         {"steps", steps}};
  return clean_json(document).dump(1) + "\n";
}

}  // namespace offlab
