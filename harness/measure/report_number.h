// Numbers in what a program of a guest reports, which may be anything.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/parse_json.h"

namespace offlab {

// Throws Error when the member is not a count, and nlohmann::json::exception when it is not there.
inline std::uint64_t count_in(const nlohmann::json& report, const char* key) {
  if (!report.at(key).is_number_unsigned()) throw Error("its report is damaged");
  return report.at(key).get<std::uint64_t>();
}

}  // namespace offlab
