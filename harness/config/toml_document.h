// A TOML file as plain values: every key and value with its position, tables in the order of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/diagnostic.h"
#include "config/mistakes.h"

namespace offlab {

struct TomlValue;
struct TomlEntry;

using TomlArray = std::vector<TomlValue>;

struct TomlTable {
  std::vector<TomlEntry> entries;  // in file order, keys are unique
};

struct TomlDateTime {};  // no key of ours takes one

struct TomlValue {
  SourcePosition position;
  std::variant<std::string, std::int64_t, double, bool, TomlDateTime, TomlArray, TomlTable> data;
};

struct TomlEntry {
  std::string key;
  SourcePosition key_position;
  TomlValue value;
};

// Nothing when the text is no TOML, is larger than 256 KiB or nests deeper than 8; the mistake has then been added.
// No string and no key in the result contains a NUL character.
// Positions carry `file`.
std::optional<TomlTable> parse_toml(std::string_view text, Mistakes& mistakes, std::uint32_t file = 0);

// `over` added to `base`: tables are merged key by key, lists of tables that have names item by item; everything else
// is replaced.
TomlTable merged(TomlTable base, const TomlTable& over);

// "a string", "an integer", "an array": the value's type in a sentence.
std::string_view type_phrase(const TomlValue& value);

}  // namespace offlab
