#include "record/bisect_json.h"

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

constexpr const char* schema = "offlab.bisect/1";

std::optional<SearchEnd> parse_end(std::string_view text) {
  for (const SearchEnd end :
       {SearchEnd::proven, SearchEnd::not_monotone, SearchEnd::no_more_tries, SearchEnd::no_fault})
    if (to_string(end) == text) return end;
  return std::nullopt;
}

std::optional<FaultClass> class_from_json(const json& word) {
  if (word.is_null()) return std::nullopt;
  return parsed(word, parse_fault_class, "fault class");
}

BisectStep step_from_json(const json& object) {
  const Outcome outcome = parsed(object.at("outcome"), parse_outcome, "outcome");
  const std::string id = object.at("case").get<std::string>();
  return {id, object.at("shows").get<bool>(),
          CaseResult{.id = id,
                     .outcome = outcome,
                     .forwarding = outcome,
                     .fault_class = class_from_json(object.at("class")),
                     .reason = object.at("reason").get<std::string>()},
          object.at("folder").get<std::string>()};
}

BisectReport bisection_of(const json& document) {
  if (document.at("schema") != schema) throw Error(std::string("it has another schema than ") + schema);
  BisectReport report;
  document.at("name").get_to(report.name);
  document.at("good").get_to(report.good);
  document.at("bad").get_to(report.bad);
  report.fault_class = class_from_json(document.at("class"));
  document.at("flake_rate").get_to(report.flake_rate);
  document.at("searched").get_to(report.searched);
  report.end = parsed(document.at("end"), parse_end, "end of a bisection");
  document.at("found").get_to(report.found);
  document.at("likelihood").get_to(report.likelihood);
  for (const json& step : document.at("steps")) report.steps.push_back(step_from_json(step));
  return report;
}

}  // namespace

BisectReport bisect_from_json(std::string_view text) {
  return read_json_file(text, "bisect.json", bisection_of);
}

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
  const json document = {{"schema", schema},
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
