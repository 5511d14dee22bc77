#include "record/agent_message.h"

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "base/digest.h"
#include "base/parse_json.h"
#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {

namespace agent {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Begin, protocol, owner, slot, slots, images)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Ready, protocol, version, images)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ImageFile, image, file, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Choose, accelerator, kernel, initrd, digest)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Chosen, host, notes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StartLab, request, environment)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(File, path, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Refused, reason, remedy)
void to_json(json& j, const WorkerEnded&) {
  j = json::object();
}
void from_json(const json&, WorkerEnded&) {}
void to_json(json& j, const EndLab&) {
  j = json::object();
}
void from_json(const json&, EndLab&) {}
void to_json(json& j, const Alive&) {
  j = json::object();
}
void from_json(const json&, Alive&) {}

}  // namespace agent

namespace {

constexpr const char* words[] = {"begin", "ready",        "image",   "choose", "chosen", "lab",
                                 "file",  "worker-ended", "end-lab", "alive",  "refused"};
static_assert(std::variant_size_v<AgentMessage> == std::size(words));

template <std::size_t... index>
AgentMessage message_of(const std::string& word, const json& j, std::index_sequence<index...>) {
  std::optional<AgentMessage> found;
  ((word == words[index] ? void(found = j.get<std::variant_alternative_t<index, AgentMessage>>()) : void()), ...);
  if (!found) throw Error(fmt::format("'{}' is nothing that an agent says or is asked", word));
  return *found;
}

}  // namespace

std::string agent_message_to_line(const AgentMessage& message) {
  json one = std::visit([](const auto& value) { return json(value); }, message);
  one["agent"] = words[message.index()];
  return one.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<AgentMessage> agent_message_from_line(const std::string& line) {
  const json said = try_parse_json(line).value_or(json());
  if (!said.is_object() || !said.contains("agent")) return std::nullopt;
  try {
    return message_of(said.at("agent").get<std::string>(), said,
                      std::make_index_sequence<std::variant_size_v<AgentMessage>>());
  } catch (const json::exception& error) {
    throw Error(fmt::format("not a message of an agent: '{}' ({})", line.substr(0, 200), error.what()));
  }
}

bool is_plain_name(const std::string& file) {
  return !file.empty() && file != "." && file != ".." && file.find('/') == std::string::npos &&
         file.find('\0') == std::string::npos;
}

bool is_path_in_run(const std::string& path) {
  if (!path.starts_with("cases/") && !path.starts_with("labs/")) return false;
  if (path.find('\0') != std::string::npos || path.ends_with('/')) return false;
  const std::filesystem::path parts(path);
  return std::none_of(parts.begin(), parts.end(), [](const auto& part) { return part == ".." || part == "."; });
}

bool is_image_folder(const std::string& image) {
  const auto slash = image.find('/');
  if (slash == std::string::npos) return false;
  const std::string digest = image.substr(slash + 1);
  return is_plain_name(image.substr(0, slash)) && digest.size() == 16 && is_hex(digest);
}

}  // namespace offlab
