// [axes], [[case]] and [[exclude]]: from TOML to settings with their places. Whether a setting exists is for
// check_cases.
#pragma once

#include <string>
#include <vector>

#include "config/mistakes.h"
#include "config/table_reader.h"
#include "model/scenario.h"

namespace offlab {

inline constexpr std::size_t max_axes = 32;
inline constexpr std::size_t max_named_cases = 1000;
inline constexpr std::size_t max_settings = 64;  // of one case
inline constexpr std::size_t max_exclusions = 100;

struct PlacedAxis {
  std::string key;
  SourcePosition position;
  std::vector<PlacedString> values;  // never empty; integers and booleans as text
};

struct PlacedSetting {
  SettingText text;
  SourcePosition key;
  SourcePosition value;
};

struct PlacedCase {
  std::string name;         // empty when it is missing or unfit
  SourcePosition position;  // of the name
  std::vector<PlacedSetting> set;
  std::optional<Expectation> expect;
  std::optional<bool> experimental = {};
};

struct PlacedExclusion {
  std::vector<PlacedSetting> set;
};

// In file order. "router.lro" and a table router with a key lro are the same.
std::vector<PlacedAxis> parse_axes(const TomlEntry* entry, Mistakes& mistakes);
std::vector<PlacedCase> parse_named_cases(const TomlEntry* entry, Mistakes& mistakes);
// `maturity`: is a case experimental? Nothing where it is not said.
std::optional<bool> read_maturity(const TomlEntry* entry, Mistakes& mistakes);
std::vector<PlacedExclusion> parse_exclusions(const TomlEntry* entry, Mistakes& mistakes);

}  // namespace offlab
