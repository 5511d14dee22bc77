// JSON that may come from anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace offlab {

// How deep arrays and objects may be nested: copies of a document recurse.
inline constexpr std::size_t deepest_json = 64;
// Each takes a hundred bytes of memory, however short its text.
inline constexpr std::size_t most_json_values = 3'000'000;

// Throws Error, "NAME is damaged: ...", for a text that is nested deeper, or has more values.
void check_json_size(std::string_view text, const std::string& name);
// Throws Error, "NAME is damaged: ...".
nlohmann::json parse_json(std::string_view text, const std::string& name);
// Nothing where the text is no JSON, or is nested deeper.
std::optional<nlohmann::json> try_parse_json(std::string_view text);

}  // namespace offlab
