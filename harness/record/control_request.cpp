#include "record/control_request.h"

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/json_values.h"
#include "record/plan_json.h"

namespace offlab::control {
namespace {

constexpr const char* schema = "offlab.control/2";

// Steps travel as the configuration of a lab plan.
json steps_to_json(const std::vector<Step>& steps) {
  LabPlan lab;
  lab.configuration = steps;
  return lab_plan_to_json(lab).at("configuration");
}

std::vector<Step> steps_from_json(const json& steps) {
  json lab = lab_plan_to_json({});
  lab["configuration"] = steps;
  return lab_plan_from_json(lab).configuration;
}

}  // namespace

std::string request_to_line(const Request& request) {
  json document = {{"schema", schema}};
  if (const auto* set = std::get_if<Set>(&request)) {
    document["request"] = "set";
    document["steps"] = steps_to_json(set->steps);
  } else {
    const auto& cases = std::get<Cases>(request);
    document["request"] = "cases";
    document["steps"] = steps_to_json(cases.before);
    document["lab"] = lab_plan_to_json(cases.lab);
    document["after"] = steps_to_json(cases.after);
  }
  return document.dump();
}

Request request_from_line(const std::string& line) {
  try {
    const json document = parse_json(line, "a request to the lab");
    if (document.at("schema") != schema) throw Error("the lab was sent another schema than " + std::string(schema));
    const std::string word = document.at("request");
    if (word == "set") return Set{steps_from_json(document.at("steps"))};
    if (word == "cases")
      return Cases{steps_from_json(document.at("steps")), lab_plan_from_json(document.at("lab")),
                   steps_from_json(document.at("after"))};
    throw Error(fmt::format("'{}' is no request to a lab", word));
  } catch (const json::exception& error) {
    throw Error(std::string("the lab was sent no request: ") + error.what());
  }
}

}  // namespace offlab::control
