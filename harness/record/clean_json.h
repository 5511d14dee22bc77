// JSON whose texts are clean (base/clean_text.h): what is written for other programs, and what comes from elsewhere.
#pragma once

#include <string>

#include "base/clean_text.h"
#include "base/json.h"

namespace offlab {

// Keys are cleaned as lines, texts keep their ends of line. Works for nlohmann::json and nlohmann::ordered_json.
template <typename Json>
Json clean_json(const Json& value) {
  if (value.is_string()) return clean_text(value.template get_ref<const std::string&>());
  if (!value.is_structured()) return value;
  Json clean = value.is_array() ? Json::array() : Json::object();
  if (value.is_array())
    for (const Json& one : value) clean.push_back(clean_json(one));
  else
    for (const auto& [key, one] : value.items()) clean[clean_line(key)] = clean_json(one);
  return clean;
}

}  // namespace offlab
