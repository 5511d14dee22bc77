#include "record/event_json.h"

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab::event {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabStage, stage, detail)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CaseStarted, id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StepStarted, case_id, leg, step)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Note, text)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabFailed, reason, remedy)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabWorn, case_id, reason, before)

// Said of restored guests only: runs from before guests were saved read the same.
void to_json(json& j, const NodeReady& ready) {
  j = {{"node", ready.node}, {"seconds", ready.seconds}};
  if (ready.restored) j["restored"] = true;
}

void from_json(const json& j, NodeReady& ready) {
  ready = {j.at("node"), j.at("seconds"), j.value("restored", false)};
}

// Said in part by earlier versions.
void to_json(json& j, const TransferProgress& progress) {
  j = {{"case_id", progress.case_id},
       {"leg", progress.leg},
       {"seconds", progress.seconds},
       {"total_seconds", progress.total_seconds},
       {"uplink_bps", progress.uplink_bps}};
  if (progress.passed_bps) j["passed_bps"] = *progress.passed_bps;
  if (progress.bogus_errors) j["bogus_errors"] = *progress.bogus_errors;
}

void from_json(const json& j, TransferProgress& progress) {
  progress = {j.at("case_id"), j.at("leg"), j.at("seconds"), j.at("total_seconds"), j.at("uplink_bps")};
  if (j.contains("passed_bps")) progress.passed_bps = j.at("passed_bps").get<double>();
  if (j.contains("bogus_errors")) progress.bogus_errors = j.at("bogus_errors").get<std::uint64_t>();
}

// CaseRecorded has no default to fill in.
void to_json(json& j, const CaseRecorded& recorded) {
  j = {{"id", recorded.id}, {"recorded", recorded.recorded}, {"reason", recorded.reason}};
}

}  // namespace offlab::event

namespace offlab {
namespace {

using What = Event::What;

// In the order of the variant's alternatives.
constexpr const char* event_words[] = {"lab-stage",    "node-ready",        "case-started",
                                       "step-started", "transfer-progress", "case-recorded",
                                       "note",         "lab-failed",        "lab-worn"};
static_assert(std::variant_size_v<What> == std::size(event_words));

template <typename One>
What read(const json& j) {
  if constexpr (std::is_same_v<One, event::CaseRecorded>)
    return event::CaseRecorded{j.at("id"), recorded_from_json(j), j.at("reason")};
  else
    return j.get<One>();
}

template <std::size_t... index>
What event_of(const std::string& word, const json& j, std::index_sequence<index...>) {
  std::optional<What> found;
  ((word == event_words[index] ? void(found = read<std::variant_alternative_t<index, What>>(j)) : void()), ...);
  if (!found) throw Error(fmt::format("'{}' is no event", word));
  return *found;
}

}  // namespace

Recorded recorded_from_json(const json& object) {
  if (object.contains("recorded")) return object.at("recorded").get<Recorded>();
  switch (object.at("outcome").get<Outcome>()) {
    case Outcome::pass:
      return Recorded::recorded;
    case Outcome::skip:
      return Recorded::skipped;
    default:
      return Recorded::broken;
  }
}

json event_to_json(const Event& event) {
  json one = std::visit([](const auto& what) { return json(what); }, event.what);
  one["event"] = event_words[event.what.index()];
  if (!event.of.lab.empty()) one["lab"] = event.of.lab;
  if (event.of.attempt > 1) one["attempt"] = event.of.attempt;
  return clean_json(one);
}

Event event_from_json(const json& said) {
  const json object = clean_json(said);
  What what = event_of(object.at("event"), object, std::make_index_sequence<std::variant_size_v<What>>());
  return {LabAttempt{object.value("lab", std::string()), object.value("attempt", 1U)}, std::move(what)};
}

std::string event_to_line(const Event& event) {
  return event_to_json(event).dump();
}

Event event_from_line(const std::string& line) {
  try {
    return event_from_json(try_parse_json(line).value_or(json()));
  } catch (const json::exception& error) {
    throw Error(fmt::format("not an event: '{}' ({})", line.substr(0, 200), error.what()));
  }
}

}  // namespace offlab
