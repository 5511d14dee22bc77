// A topology file (topologies/*.toml): from its text to a scenario in which everything optional has been decided.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/scenario.h"

namespace offlab {

struct ParsedScenario {
  std::optional<Scenario> scenario;  // only when there are no diagnostics
  Diagnostics diagnostics;           // ordered by position
};

// `file` is the name that diagnostics carry; it is not opened. Every mistake is found in one go, except that the text
// must be TOML before anything else is looked at. Any text is survived.
ParsedScenario parse_scenario(std::string_view text, const std::string& file);

// A file, the one that it extends, the one that that extends, and so on.
ParsedScenario parse_scenario(const std::vector<SourceFile>& files);

// The file that this one extends, as its `extend` names it; nothing where there is none (or no sound TOML).
std::optional<std::string> extended_file(std::string_view text);

}  // namespace offlab
