#include "record/gate_json.h"

#include <cmath>

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

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

}  // namespace

std::string gate_json(const GateReport& report) {
  json pairs = json::array();
  for (const GatePair& pair : report.pairs) pairs.push_back(pair_to_json(pair));
  json document = {{"schema", "offlab.gate/1"},
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
