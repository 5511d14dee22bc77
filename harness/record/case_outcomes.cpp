#include "record/case_outcomes.h"

#include "record/json_values.h"

namespace offlab {
namespace {

std::string text_or_nothing(const json& value) {
  return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

std::vector<CaseOutcome> read_case_outcomes(std::string_view run_json) {
  try {
    const json run = json::parse(run_json);
    if (run.at("schema") != "offlab.run/1") throw Error("run.json has an unknown schema");
    if (run.at("question") != "as-expected") throw Error("run.json does not come from `offlab verify`");
    std::vector<CaseOutcome> cases;
    for (const json& one : run.at("cases"))
      cases.push_back({one.at("id").get<std::string>(), parsed(one.at("expect"), parse_expectation, "class"),
                       parsed(one.at("outcome"), parse_outcome, "outcome"), text_or_nothing(one.at("class")),
                       one.at("reason").get<std::string>(), one.at("artifacts").get<std::vector<std::string>>()});
    return cases;
  } catch (const json::exception& error) {
    throw Error(std::string("run.json is damaged: ") + error.what());
  }
}

}  // namespace offlab
