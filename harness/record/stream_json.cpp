#include "record/stream_json.h"

#include "record/clean_json.h"
#include "record/run_json.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* schema = "offlab.events/1";

std::string line_of(const json& object) {
  return clean_json(object).dump();
}

json counts_of(const std::vector<CaseResult>& cases) {
  json counts = json::object();
  for (const CaseResult& one : cases) {
    json& count = counts[std::string(to_string(one.outcome))];
    count = count.is_null() ? 1 : count.get<int>() + 1;
  }
  return counts;
}

}  // namespace

std::string stream_begin_line(std::string_view program_version, std::string_view command) {
  return line_of({{"schema", schema}, {"offlab", program_version}, {"command", command}});
}

std::string stream_plan_line(const RunPlan& plan) {
  json labs = json::array();
  for (const LabPlan& lab : plan.labs) {
    json nodes = json::array();
    for (const NodePlan& node : lab.nodes) nodes.push_back(node.name);
    json cases = json::array();
    for (const CasePlan& one : lab.cases) cases.push_back(one.id);
    labs.push_back({{"name", lab.name}, {"nodes", nodes}, {"cases", cases}});
  }
  return line_of({{"event", "run-planned"},
                  {"name", plan.name},
                  {"question", plan.question == Question::healthy ? "healthy" : "as-expected"},
                  {"labs", labs}});
}

std::string stream_file_line(const std::string& name, std::size_t number, std::size_t of) {
  return line_of({{"event", "file-started"}, {"name", name}, {"number", number}, {"of", of}});
}

std::string stream_result_line(const CaseResult& result) {
  return line_of({{"event", "case-result"}, {"case", case_to_json(result)}});
}

std::string stream_end_line(const StreamEnd& end, const RunResult* run) {
  json object = {{"event", "run-ended"},
                 {"outcome", to_string(end.outcome)},
                 {"exit_status", end.exit_status},
                 {"interrupted", end.interrupted},
                 {"folder", end.folder.empty() ? json(nullptr) : json(end.folder)}};
  if (!end.reason.empty()) object["reason"] = end.reason;
  if (!end.remedy.empty()) object["remedy"] = end.remedy;
  if (run != nullptr) {
    object["name"] = run->name;
    object["seconds"] = run->seconds;
    object["cases"] = counts_of(run->cases);
  }
  return line_of(object);
}

}  // namespace offlab
