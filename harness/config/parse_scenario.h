// A topology file (topologies/*.toml): from its text to a scenario in which everything optional has been decided.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/scenario.h"

namespace offlab {

// A file, as another one names it, and where.
struct FileMention {
  std::string path;
  SourcePosition position;
  bool operator==(const FileMention&) const = default;
};

struct ParsedScenario {
  std::optional<Scenario> scenario;  // only when there are no diagnostics
  Diagnostics diagnostics;           // ordered by position
  // Image recipes that are named by a path, by node. The node's `image` is the path as it stands in the file.
  std::map<std::string, FileMention> recipes = {};
};

// `file` is the name that diagnostics carry; it is not opened. Every mistake is found in one go, except that the text
// must be TOML before anything else is looked at. Any text is survived.
ParsedScenario parse_scenario(std::string_view text, const std::string& file);

// A file, the one that it extends, the one that that extends, and so on.
ParsedScenario parse_scenario(const std::vector<SourceFile>& files);

// What `extend` says; nothing where it is not there, or empty, or the text is no sound TOML.
std::optional<FileMention> extended_file(std::string_view text);

}  // namespace offlab
