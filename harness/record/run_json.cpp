#include "record/run_json.h"

#include "base/error.h"
#include "base/parse_json.h"
#include "record/clean_json.h"
#include "record/finding_json.h"
#include "record/measurements_json.h"

namespace offlab {
namespace {

using json = OrderedJson;
using Words = std::map<std::string, std::string>;

constexpr const char* schema = "offlab.run/1";
constexpr const char* not_tried = "not-tried";

// Numbers stay numbers in "host".
json host_to_json(const Words& host) {
  json object = json::object();
  for (const auto& [key, value] : host) {
    const json number = json::parse(value, nullptr, false);
    object[key] = key == "cpus" && number.is_number_integer() ? number : json(value);
  }
  return object;
}

Words words_from_json(const json& object) {
  Words words;
  for (const auto& [key, value] : object.items())
    if (!value.is_structured()) words[key] = value.is_string() ? value.get<std::string>() : value.dump();
  return words;
}

template <typename Parse>
auto parsed(const json& value, Parse parse) {
  const auto found = parse(value.get<std::string>());
  if (!found) throw Error("run.json has an unknown word '" + value.get<std::string>() + "'");
  return *found;
}

json diagnosis_to_json(const CaseResult& one) {
  if (!one.diagnosis) return nullptr;
  const Diagnosis& diagnosis = *one.diagnosis;
  json remedies = json::array();
  for (const Remedy& remedy : diagnosis.remedies)
    remedies.push_back({{"where", remedy.where}, {"action", remedy.action}});
  return {{"what", diagnosis.what},
          {"counters", diagnosis.counters},
          {"remedies", remedies},
          {"cost", diagnosis.cost.empty() ? json(nullptr) : json(diagnosis.cost)},
          {"layer", diagnosis.layer ? json(to_string(*diagnosis.layer)) : json(nullptr)}};
}

std::optional<Diagnosis> diagnosis_from_json(const json& object) {
  if (object.is_null()) return std::nullopt;
  Diagnosis diagnosis;
  object.at("what").get_to(diagnosis.what);
  object.at("counters").get_to(diagnosis.counters);
  for (const json& remedy : object.at("remedies"))
    diagnosis.remedies.push_back({remedy.at("where").get<std::string>(), remedy.at("action").get<std::string>()});
  if (!object.at("cost").is_null()) object.at("cost").get_to(diagnosis.cost);
  if (object.contains("layer") && !object.at("layer").is_null())
    diagnosis.layer = parsed(object.at("layer"), parse_fault_layer);
  return diagnosis;
}

json text_or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

std::string text_of(const json& object, const char* key) {
  return object.contains(key) && object.at(key).is_string() ? object.at(key).get<std::string>() : std::string();
}

std::optional<LegMeasurements> leg_from_json(const json& object) {
  return object.empty() ? std::nullopt : std::optional(measurements_from_json(object));
}

// Results of before a case said what its lab did with it.
std::optional<Recorded> recorded_from(const json& object, const CaseResult& one) {
  if (const std::string word = text_of(object, "recorded"); !word.empty())
    return word == not_tried ? std::nullopt : std::optional(parsed(object.at("recorded"), parse_recorded));
  if (one.outcome == Outcome::error) return Recorded::broken;
  return one.forwarding == Outcome::skip ? Recorded::skipped : Recorded::recorded;
}

CaseResult case_from_json(const json& object) {
  CaseResult one{.id = object.at("id").get<std::string>(),
                 .axes = {},
                 .outcome = parsed(object.at("outcome"), parse_outcome),
                 .forwarding = parsed(object.at("forwarding"), parse_outcome),
                 .fault_class = {},
                 .expect = parsed(object.at("expect"), parse_expectation),
                 .reason = object.at("reason").get<std::string>(),
                 .findings = {},
                 .measured = leg_from_json(object.at("measurements")),
                 .control = leg_from_json(object.at("control")),
                 .artifacts = object.at("artifacts").get<std::vector<std::string>>(),
                 .folder = text_of(object, "folder")};
  for (const auto& [key, value] : object.at("axes").items()) one.axes.emplace_back(key, value.get<std::string>());
  if (!object.at("class").is_null()) one.fault_class = parsed(object.at("class"), parse_fault_class);
  for (const json& finding : object.at("findings")) one.findings.push_back(finding_from_json(finding));
  one.diagnosis = diagnosis_from_json(object.at("diagnosis"));
  one.recorded = recorded_from(object, one);
  one.attempts = object.value("attempts", 1U);
  one.leg = text_of(object, "leg");
  one.digest = text_of(object, "digest");
  one.device = text_of(object, "device");
  one.seconds = object.value("seconds", 0.0);
  if (object.contains("lab"))
    one.lab = {object.at("lab").at("name").get<std::string>(), object.at("lab").at("attempt").get<unsigned>()};
  if (object.contains("devices"))
    for (const auto& [name, leg] : object.at("devices").items()) {
      one.devices.push_back(measurements_from_json(leg));
      one.devices.back().device = name;
    }
  return one;
}

json labs_to_json(const std::vector<LabHost>& labs) {
  json list = json::array();
  for (const LabHost& lab : labs)
    list.push_back(
        {{"name", lab.lab.lab}, {"attempt", lab.lab.attempt}, {"host", host_to_json(lab.host)}, {"image", lab.image}});
  return list;
}

std::vector<LabHost> labs_from_json(const json& list) {
  std::vector<LabHost> labs;
  for (const json& lab : list)
    labs.push_back({{lab.at("name").get<std::string>(), lab.at("attempt").get<unsigned>()},
                    words_from_json(lab.at("host")),
                    words_from_json(lab.at("image"))});
  return labs;
}

RunResult run_of(const json& document) {
  if (text_of(document, "schema") != schema) throw Error("it has another schema than " + std::string(schema));
  const std::string question = document.at("question").get<std::string>();
  if (question != "healthy" && question != "as-expected") throw Error("'" + question + "' is no question");
  RunResult run{.outcome = parsed(document.at("outcome"), parse_outcome),
                .question = question == "healthy" ? Question::healthy : Question::as_expected,
                .name = document.at("name").get<std::string>(),
                .summary = document.at("summary").get<std::string>(),
                .host = words_from_json(document.at("host")),
                .image = words_from_json(document.at("image")),
                .packages = {},
                .started = document.at("started").get<std::string>(),
                .seconds = document.at("seconds").get<double>(),
                .cases = {}};
  if (document.at("image").contains("packages")) run.packages = words_from_json(document.at("image").at("packages"));
  for (const json& one : document.at("cases")) run.cases.push_back(case_from_json(one));
  run.plan_digest = text_of(document, "plan_digest");
  if (document.contains("labs")) run.labs = labs_from_json(document.at("labs"));
  return run;
}

}  // namespace

json case_to_json(const CaseResult& one) {
  json axes = json::object();
  for (const auto& [key, value] : one.axes) axes[key] = value;
  json findings = json::array();
  for (const Finding& finding : one.findings) findings.push_back(finding_to_json(finding));
  json object = {{"id", one.id},
                 {"axes", axes},
                 {"outcome", to_string(one.outcome)},
                 {"forwarding", to_string(one.forwarding)},
                 {"class", one.fault_class ? json(to_string(*one.fault_class)) : json(nullptr)},
                 {"expect", to_string(one.expect)},
                 {"reason", one.reason},
                 {"findings", findings},
                 {"diagnosis", diagnosis_to_json(one)},
                 {"measurements", one.measured ? measurements_to_json(*one.measured) : json::object()},
                 {"control", one.control ? measurements_to_json(*one.control) : json::object()},
                 {"artifacts", one.artifacts},
                 {"recorded", one.recorded ? json(to_string(*one.recorded)) : json(not_tried)},
                 {"attempts", one.attempts},
                 {"folder", one.folder},
                 {"leg", text_or_null(one.leg)},
                 {"digest", text_or_null(one.digest)}};
  if (!one.lab.lab.empty()) object["lab"] = {{"name", one.lab.lab}, {"attempt", one.lab.attempt}};
  if (one.seconds > 0) object["seconds"] = one.seconds;
  if (one.devices.size() > 1) {
    object["device"] = text_or_null(one.device);
    for (const LegMeasurements& leg : one.devices) object["devices"][leg.device] = measurements_to_json(leg);
  }
  return object;
}

std::string run_json(const RunResult& run) {
  json cases = json::array();
  for (const CaseResult& one : run.cases) cases.push_back(case_to_json(one));
  json image = run.image;
  image["packages"] = run.packages;
  const json document = {{"schema", schema},
                         {"outcome", to_string(run.outcome)},
                         {"question", run.question == Question::healthy ? "healthy" : "as-expected"},
                         {"name", run.name},
                         {"summary", run.summary},
                         {"started", run.started},
                         {"seconds", run.seconds},
                         {"host", host_to_json(run.host)},
                         {"image", image},
                         {"cases", cases},
                         {"plan_digest", text_or_null(run.plan_digest)},
                         {"labs", labs_to_json(run.labs)}};
  return clean_json(document).dump(1) + "\n";
}

RunResult run_from_json(std::string_view text) {
  try {
    check_json_size(text, "run.json");
    return run_of(json::parse(text));
  } catch (const json::exception& error) {
    throw Error(std::string("run.json is damaged: ") + error.what());
  } catch (Error& error) {
    error.add_frame("run.json is damaged");
    throw;
  }
}

}  // namespace offlab
