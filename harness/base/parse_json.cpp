#include "base/parse_json.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

using nlohmann::json;

static_assert(deepest_json == 64 && most_json_values == 3'000'000, "as the texts below say");

// What is wrong with its size; null when nothing is.
const char* size_trouble(std::string_view text) {
  std::size_t depth = 0;
  std::size_t values = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') ++at;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '[' || c == '{') && ++depth > deepest_json) return "nested deeper than 64 levels";
    if ((c == '[' || c == '{' || c == ',') && ++values > most_json_values) return "more than 3 million values";
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return nullptr;
}

}  // namespace

void check_json_size(std::string_view text, const std::string& name) {
  if (const char* trouble = size_trouble(text)) throw Error(fmt::format("{} is damaged: {}", name, trouble));
}

json parse_json(std::string_view text, const std::string& name) {
  check_json_size(text, name);
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", name, error.what()));
  }
}

std::optional<json> try_parse_json(std::string_view text) {
  if (size_trouble(text) != nullptr) return std::nullopt;
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return std::nullopt;
  return document;
}

}  // namespace offlab
