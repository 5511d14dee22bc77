#include "base/parse_json.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

using nlohmann::json;

bool is_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') ++at;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '[' || c == '{') && ++depth > deepest_json) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

}  // namespace

void check_nesting(std::string_view text, const std::string& name) {
  if (is_too_deep(text)) throw Error(fmt::format("{} is damaged: nested deeper than {} levels", name, deepest_json));
}

json parse_json(std::string_view text, const std::string& name) {
  check_nesting(text, name);
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", name, error.what()));
  }
}

std::optional<json> try_parse_json(std::string_view text) {
  if (is_too_deep(text)) return std::nullopt;
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return std::nullopt;
  return document;
}

}  // namespace offlab
