#include "record/run_difference_json.h"

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

json values_to_json(const std::vector<ChangedValue>& changes) {
  json list = json::array();
  for (const ChangedValue& one : changes)
    list.push_back({{"where", one.where}, {"what", one.what}, {"before", one.before}, {"after", one.after}});
  return list;
}

json names_to_json(const std::vector<Invariant>& invariants) {
  json list = json::array();
  for (const Invariant one : invariants) list.push_back(to_string(one));
  return list;
}

json verdict_to_json(const std::string& id, Outcome outcome, const std::optional<FaultClass>& fault,
                     const std::optional<double>& goodput) {
  return {{"id", id},
          {"outcome", outcome},
          {"class", fault ? json(*fault) : json(nullptr)},
          {"goodput_bps", goodput ? json(*goodput) : json(nullptr)}};
}

json case_to_json(const CaseDifference& one) {
  json counters = json::array();
  for (const ChangedCounter& counter : one.counters)
    counters.push_back({{"name", counter.name},
                        {"before", counter.before ? json(*counter.before) : json(nullptr)},
                        {"after", counter.after ? json(*counter.after) : json(nullptr)}});
  json object = {
      {"before", verdict_to_json(one.before_id, one.before_outcome, one.before_class, one.before_goodput_bps)},
      {"after", verdict_to_json(one.after_id, one.after_outcome, one.after_class, one.after_goodput_bps)},
      {"same_verdict", has_same_verdict(one)},
      {"settings", values_to_json(one.settings)},
      {"newly_violated", names_to_json(one.newly_violated)},
      {"no_longer_violated", names_to_json(one.no_longer_violated)},
      {"counters", counters},
      {"goodput_ratio", nullptr}};
  if (one.goodput)
    object["goodput_ratio"] = {{"value", one.goodput->value}, {"interval", {one.goodput->low, one.goodput->high}}};
  return object;
}

}  // namespace

std::string run_difference_json(const RunDifference& difference) {
  json cases = json::array();
  for (const CaseDifference& one : difference.cases) cases.push_back(case_to_json(one));
  const json document = {{"schema", "offlab.diff/1"},
                         {"before", difference.before},
                         {"after", difference.after},
                         {"same_verdicts", have_same_verdicts(difference)},
                         {"environment", values_to_json(difference.environment)},
                         {"cases", cases},
                         {"only_before", difference.only_before},
                         {"only_after", difference.only_after}};
  return clean_json(document).dump(1) + "\n";
}

}  // namespace offlab
