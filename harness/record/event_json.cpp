#include "record/event_json.h"

#include <fmt/core.h>

#include "record/json_values.h"

namespace offlab::event {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabStage, lab, stage, detail)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CaseStarted, id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StepStarted, case_id, leg, step)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TransferProgress, case_id, leg, seconds, total_seconds, uplink_bps)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Note, text)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabFailed, reason, remedy)

// Said of restored guests only: runs from before guests were saved read the same.
void to_json(json& j, const NodeReady& ready) {
  j = {{"node", ready.node}, {"seconds", ready.seconds}};
  if (ready.restored) j["restored"] = true;
}

void from_json(const json& j, NodeReady& ready) {
  ready = {j.at("node"), j.at("seconds"), j.value("restored", false)};
}

// CaseRecorded has no default outcome to fill in.
void to_json(json& j, const CaseRecorded& recorded) {
  j = {{"id", recorded.id}, {"outcome", recorded.outcome}, {"reason", recorded.reason}};
}

}  // namespace offlab::event

namespace offlab {
namespace {

// In the order of the variant's alternatives.
constexpr const char* event_words[] = {"lab-stage",         "node-ready",    "case-started", "step-started",
                                       "transfer-progress", "case-recorded", "note",         "lab-failed"};
static_assert(std::variant_size_v<Event> == std::size(event_words));

template <typename One>
Event read(const json& j) {
  if constexpr (std::is_same_v<One, event::CaseRecorded>)
    return event::CaseRecorded{j.at("id"), j.at("outcome").get<Outcome>(), j.at("reason")};
  else
    return j.get<One>();
}

template <std::size_t... index>
Event event_of(const std::string& word, const json& j, std::index_sequence<index...>) {
  std::optional<Event> found;
  ((word == event_words[index] ? void(found = read<std::variant_alternative_t<index, Event>>(j)) : void()), ...);
  if (!found) throw Error(fmt::format("'{}' is no event", word));
  return *found;
}

}  // namespace

std::string event_to_line(const Event& event) {
  json one = std::visit([](const auto& value) { return json(value); }, event);
  one["event"] = event_words[event.index()];
  return one.dump(-1, ' ', false, json::error_handler_t::replace);
}

Event event_from_line(const std::string& line) {
  try {
    const json one = json::parse(line);
    return event_of(one.at("event"), one, std::make_index_sequence<std::variant_size_v<Event>>());
  } catch (const json::exception& error) {
    throw Error(fmt::format("not an event: '{}' ({})", line.substr(0, 200), error.what()));
  }
}

}  // namespace offlab
