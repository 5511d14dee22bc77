// The formats in which a run can be told to other programs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/verdict.h"

namespace offlab {

enum class Format { junit, ktap, ctrf, github, github_summary, markdown };

struct FormatRow {
  Format format;
  std::string_view name;
  std::string_view what;  // a line for help and documentation
};

const std::vector<FormatRow>& all_formats();
std::optional<Format> parse_format(std::string_view name);

std::string formatted(const RunResult& run, Format format);

}  // namespace offlab
