#include "record/gate_json.h"

#include <cmath>

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

constexpr const char* schema = "offlab.gate/1";

json result_to_json(const CaseResult& result) {
  return {{"outcome", to_string(result.forwarding)},
          {"class", result.fault_class ? json(to_string(*result.fault_class)) : json(nullptr)},
          {"reason", result.reason},
          {"folder", result.folder}};
}

json arm_to_json(const GateArm& arm) {
  json object = result_to_json(arm.result);
  object["settings"] = arm.words;
  return object;
}

// Shares: -0.1 is ten percent less. `sign`: -1 where less is better.
json comparison_to_json(const Comparison& comparison, double sign) {
  const PairedInterval& interval = comparison.interval;
  const auto share = [&](double logarithm) { return std::exp(sign * logarithm) - 1; };
  json object = {{"answer", to_string(comparison.answer)}, {"pairs", interval.pairs},
                 {"delta", share(interval.mean)},          {"interval", nullptr},
                 {"neighbour_correlation", nullptr},       {"interval_too_narrow", comparison.too_narrow}};
  if (interval.half_width) {
    const double a = share(interval.mean - *interval.half_width);
    const double b = share(interval.mean + *interval.half_width);
    object["interval"] = {std::min(a, b), std::max(a, b)};
  }
  if (interval.neighbour_correlation) object["neighbour_correlation"] = *interval.neighbour_correlation;
  return object;
}

json leg_to_json(const ArmLeg& leg) {
  return {{"goodput_bps", leg.goodput_bps},
          {"cpu_seconds_per_gbit", leg.cpu_seconds_per_gbit ? json(*leg.cpu_seconds_per_gbit) : json(nullptr)}};
}

json pair_to_json(const GatePair& pair) {
  json object = {{"first", pair.baseline_first ? "baseline" : "candidate"},
                 {"baseline", leg_to_json(pair.baseline)},
                 {"candidate", leg_to_json(pair.candidate)}};
  if (pair.reference_bps) object["reference_bps"] = *pair.reference_bps;
  return object;
}

CaseResult result_from_json(const json& object, const std::string& id) {
  CaseResult result{.id = id,
                    .outcome = parsed(object.at("outcome"), parse_outcome, "outcome"),
                    .forwarding = parsed(object.at("outcome"), parse_outcome, "outcome")};
  if (!object.at("class").is_null()) result.fault_class = parsed(object.at("class"), parse_fault_class, "fault class");
  object.at("reason").get_to(result.reason);
  object.at("folder").get_to(result.folder);
  return result;
}

GateArm arm_from_json(const json& object, const std::string& id) {
  return {object.at("settings").get<std::string>(), result_from_json(object, id)};
}

std::optional<GateAnswer> parse_answer(std::string_view text) {
  for (const GateAnswer answer : {GateAnswer::worse, GateAnswer::not_worse, GateAnswer::undecided})
    if (to_string(answer) == text) return answer;
  return std::nullopt;
}

std::optional<Comparison> comparison_from_json(const json& object, double sign) {
  if (object.is_null()) return std::nullopt;
  const auto logarithm = [&](const json& share) { return sign * std::log1p(share.get<double>()); };
  Comparison comparison{.answer = parsed(object.at("answer"), parse_answer, "answer of a gate"),
                        .interval = {},
                        .too_narrow = object.at("interval_too_narrow").get<bool>()};
  object.at("pairs").get_to(comparison.interval.pairs);
  comparison.interval.mean = logarithm(object.at("delta"));
  if (const json& bounds = object.at("interval"); !bounds.is_null())
    comparison.interval.half_width = std::abs(logarithm(bounds.at(1)) - logarithm(bounds.at(0))) / 2;
  if (const json& correlation = object.at("neighbour_correlation"); !correlation.is_null())
    comparison.interval.neighbour_correlation = correlation.get<double>();
  return comparison;
}

ArmLeg arm_leg_from_json(const json& object) {
  ArmLeg leg{.goodput_bps = object.at("goodput_bps").get<double>()};
  if (const json& cpu = object.at("cpu_seconds_per_gbit"); !cpu.is_null()) leg.cpu_seconds_per_gbit = cpu.get<double>();
  return leg;
}

GatePair pair_from_json(const json& object) {
  GatePair pair{.baseline_first = object.at("first") == "baseline",
                .baseline = arm_leg_from_json(object.at("baseline")),
                .candidate = arm_leg_from_json(object.at("candidate"))};
  if (object.contains("reference_bps")) pair.reference_bps = object.at("reference_bps").get<double>();
  return pair;
}

GateReport gate_of(const json& document) {
  if (document.at("schema") != schema) throw Error(std::string("it has another schema than ") + schema);
  GateReport report;
  document.at("name").get_to(report.name);
  document.at("case").get_to(report.case_id);
  report.answer = parsed(document.at("answer"), parse_answer, "answer of a gate");
  document.at("why").get_to(report.why);
  document.at("margin").get_to(report.limits.margin);
  document.at("alpha").get_to(report.limits.alpha);
  document.at("most_pairs").get_to(report.limits.most_pairs);
  report.baseline = arm_from_json(document.at("baseline"), report.case_id);
  report.candidate = arm_from_json(document.at("candidate"), report.case_id);
  if (!document.at("again").is_null()) report.again = result_from_json(document.at("again"), report.case_id);
  report.goodput = comparison_from_json(document.at("goodput"), 1);
  report.cpu = comparison_from_json(document.at("cpu"), -1);
  for (const json& pair : document.at("pairs")) report.pairs.push_back(pair_from_json(pair));
  return report;
}

}  // namespace

GateReport gate_from_json(std::string_view text) {
  return read_json_file(text, "gate.json", gate_of);
}

std::string gate_json(const GateReport& report) {
  json pairs = json::array();
  for (const GatePair& pair : report.pairs) pairs.push_back(pair_to_json(pair));
  json document = {{"schema", schema},
                   {"name", report.name},
                   {"case", report.case_id},
                   {"answer", to_string(report.answer)},
                   {"why", report.why},
                   {"margin", report.limits.margin},
                   {"alpha", report.limits.alpha},
                   {"most_pairs", report.limits.most_pairs},
                   {"baseline", arm_to_json(report.baseline)},
                   {"candidate", arm_to_json(report.candidate)},
                   {"again", report.again ? result_to_json(*report.again) : json(nullptr)},
                   {"goodput", report.goodput ? comparison_to_json(*report.goodput, 1) : json(nullptr)},
                   {"cpu", report.cpu ? comparison_to_json(*report.cpu, -1) : json(nullptr)},
                   {"pairs", pairs}};
  return clean_json(document).dump(1) + "\n";
}

}  // namespace offlab
