#include "record/message.h"

#include <fmt/core.h>

#include "base/parse_json.h"
#include "record/clean_json.h"
#include "record/event_json.h"
#include "record/json_values.h"

namespace offlab::message {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Hello, protocol, version, cpus, memory)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Probed, booted, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ImageReady, built)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Refused, reason)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Failed, reason, remedy)

void to_json(json& j, const LabUp&) {
  j = json::object();
}
void from_json(const json&, LabUp&) {}
void to_json(json& j, const Done&) {
  j = json::object();
}
void from_json(const json&, Done&) {}

}  // namespace offlab::message

namespace offlab {
namespace {

// In the order of the variant's alternatives. Events have words of their own.
constexpr const char* message_words[] = {"", "hello", "probed", "image-ready", "lab-up", "done", "refused", "failed"};
static_assert(std::variant_size_v<Message> == std::size(message_words));

template <std::size_t... index>
Message message_of(const std::string& word, const json& j, std::index_sequence<index...>) {
  std::optional<Message> found;
  ((word == message_words[index + 1] ? void(found = j.get<std::variant_alternative_t<index + 1, Message>>()) : void()),
   ...);
  if (!found) throw Error(fmt::format("'{}' is no message", word));
  return *found;
}

}  // namespace

std::string message_to_line(const Message& message) {
  if (const auto* event = std::get_if<Event>(&message)) return event_to_line(*event);
  json one = std::visit(
      [](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Event>)
          return event_to_json(value);
        else
          return json(value);
      },
      message);
  one["message"] = message_words[message.index()];
  return clean_json(one).dump();
}

Message message_from_line(const std::string& line) {
  try {
    const json said = try_parse_json(line).value_or(json());
    if (said.contains("event")) return event_from_json(said);
    const json one = clean_json(said);
    return message_of(one.at("message"), one, std::make_index_sequence<std::variant_size_v<Message> - 1>());
  } catch (const json::exception& error) {
    throw Error(fmt::format("not a message: '{}' ({})", line.substr(0, 200), error.what()));
  }
}

}  // namespace offlab
