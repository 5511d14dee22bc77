// Typed access to a TOML table. Whatever is wrong becomes a mistake, and reading goes on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/file_keys.h"
#include "config/mistakes.h"
#include "config/toml_document.h"

namespace offlab {

// A key that the table does not have by its description (file_keys.h) is unknown.
class TableReader {
 public:
  // The references must outlive the reader. Position {} (line 0) is for the file's root table.
  TableReader(const FileTable& kind, const TomlTable& table, SourcePosition position, Mistakes& mistakes)
      : kind_(kind), table_(table), position_(position), mistakes_(mistakes) {}

  // Null when the key is not there.
  const TomlEntry* find(std::string_view key);
  // The same, and a mistake when it is not there.
  const TomlEntry* require(std::string_view key);
  void refuse_unknown_keys() const;
  const FileKey& key(std::string_view name) const { return kind_.key(name); }

  SourcePosition position() const { return position_; }
  // Where the key's value stands, or the table when there is none.
  SourcePosition place_of(const TomlEntry* entry) const { return entry == nullptr ? position_ : entry->value.position; }

 private:
  const FileTable& kind_;
  const TomlTable& table_;
  SourcePosition position_;
  Mistakes& mistakes_;
};

struct PlacedTable {
  const TomlTable* table = nullptr;
  SourcePosition position;
};

struct PlacedString {
  std::string text;
  SourcePosition position;
};

// All readers take null for "not there" and give nothing for it, silently; a value of a wrong type or outside its range
// is a mistake and gives nothing.
std::optional<std::string> read_string(const TomlEntry* entry, Mistakes& mistakes);
// A string that is not empty.
std::optional<std::string> read_text(const TomlEntry* entry, Mistakes& mistakes);
std::optional<std::int64_t> read_integer(const TomlEntry* entry, std::int64_t low, std::int64_t high,
                                         Mistakes& mistakes);
// Within the key's bounds.
std::optional<std::int64_t> read_integer(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes);
std::optional<double> read_number(const TomlEntry* entry, double low, double high, Mistakes& mistakes);
std::optional<bool> read_boolean(const TomlEntry* entry, Mistakes& mistakes);
// "on", "off", true or false.
std::optional<bool> read_switch(const TomlEntry& entry, Mistakes& mistakes);
std::optional<PlacedTable> read_table(const TomlEntry* entry, Mistakes& mistakes);
std::vector<PlacedTable> read_tables(const TomlEntry* entry, Mistakes& mistakes);
// At most so many: those beyond it are one mistake, "more than 200 parts", and are not read.
std::vector<PlacedTable> read_tables(const TomlEntry* entry, std::size_t most, std::string_view what,
                                     Mistakes& mistakes);
// Non-empty strings.
std::vector<PlacedString> read_strings(const TomlEntry* entry, Mistakes& mistakes);

// "'vmxnet' is not a value of 'model'", with `words`, or the nearest of many, as hint.
void add_unknown_word(const TomlEntry& entry, const std::string& word, const std::vector<std::string>& words,
                      Mistakes& mistakes);

// One of a closed set of words. `parse` gives an optional value for the words that exist.
template <typename Parse>
auto read_word(const TomlEntry* entry, Parse parse, const std::vector<std::string>& words, Mistakes& mistakes)
    -> decltype(parse(std::string_view())) {
  const auto text = read_string(entry, mistakes);
  if (!text) return std::nullopt;
  const auto value = parse(*text);
  if (!value) add_unknown_word(*entry, *text, words, mistakes);
  return value;
}

}  // namespace offlab
