#include "config/table_reader.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/format.h>

namespace offlab {
namespace {

void add_wrong_type(const TomlEntry& entry, std::string_view wanted, Mistakes& mistakes, std::string hint = {}) {
  mistakes.add(entry.value.position,
               fmt::format("'{}' must be {}, not {}", entry.key, wanted, type_phrase(entry.value)), std::move(hint));
}

void add_wrong_item(const TomlEntry& entry, const TomlValue& item, std::string_view wanted, Mistakes& mistakes) {
  mistakes.add(item.position,
               fmt::format("each item of '{}' must be {}, not {}", entry.key, wanted, type_phrase(item)));
}

template <typename Value>
const Value* read_as(const TomlEntry* entry, std::string_view wanted, Mistakes& mistakes) {
  if (entry == nullptr) return nullptr;
  const auto* value = std::get_if<Value>(&entry->value.data);
  if (value == nullptr) add_wrong_type(*entry, wanted, mistakes);
  return value;
}

}  // namespace

const TomlEntry* TableReader::find(std::string_view key) {
  static_cast<void>(kind_.key(key));
  const auto found = std::find_if(table_.entries.begin(), table_.entries.end(),
                                  [&](const TomlEntry& entry) { return entry.key == key; });
  return found == table_.entries.end() ? nullptr : &*found;
}

const TomlEntry* TableReader::require(std::string_view key) {
  const TomlEntry* entry = find(key);
  if (entry == nullptr) mistakes_.add(position_, fmt::format("missing key '{}'", key));
  return entry;
}

void TableReader::refuse_unknown_keys() const {
  std::vector<std::string> known;
  for (const FileKey& key : kind_.keys) known.push_back(key.name);
  for (const TomlEntry& entry : table_.entries)
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      mistakes_.add(entry.key_position, fmt::format("unknown key '{}'", entry.key), hint_for(entry.key, known));
}

std::optional<std::string> read_string(const TomlEntry* entry, Mistakes& mistakes) {
  const auto* text = read_as<std::string>(entry, "a string", mistakes);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

std::optional<std::string> read_text(const TomlEntry* entry, Mistakes& mistakes) {
  auto text = read_string(entry, mistakes);
  if (!text || !text->empty()) return text;
  mistakes.add(entry->value.position, fmt::format("'{}' must not be empty", entry->key));
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const TomlEntry* entry, std::int64_t low, std::int64_t high,
                                         Mistakes& mistakes) {
  const auto* number = read_as<std::int64_t>(entry, "an integer", mistakes);
  if (number == nullptr) return std::nullopt;
  if (*number >= low && *number <= high) return *number;
  mistakes.add(entry->value.position,
               fmt::format("'{}' must be from {} to {}, not {}", entry->key, low, high, *number));
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(const TomlEntry* entry, const FileKey& key, Mistakes& mistakes) {
  return read_integer(entry, static_cast<std::int64_t>(key.low), static_cast<std::int64_t>(key.high), mistakes);
}

std::optional<double> read_number(const TomlEntry* entry, double low, double high, Mistakes& mistakes) {
  if (entry == nullptr) return std::nullopt;
  double number = 0;
  if (const auto* integer = std::get_if<std::int64_t>(&entry->value.data)) {
    number = static_cast<double>(*integer);
  } else if (const auto* real = read_as<double>(entry, "a number", mistakes)) {
    number = *real;
  } else {
    return std::nullopt;
  }
  if (number >= low && number <= high) return number;  // false for NaN
  mistakes.add(entry->value.position, fmt::format("'{}' must be from {} to {}, not {}", entry->key, low, high, number));
  return std::nullopt;
}

std::optional<bool> read_boolean(const TomlEntry* entry, Mistakes& mistakes) {
  const auto* value = read_as<bool>(entry, "true or false", mistakes);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<bool> read_switch(const TomlEntry& entry, Mistakes& mistakes) {
  if (const auto* boolean = std::get_if<bool>(&entry.value.data)) return *boolean;
  const auto* text = read_as<std::string>(&entry, "on or off", mistakes);
  if (text == nullptr) return std::nullopt;
  if (*text == "on" || *text == "off") return *text == "on";
  add_unknown_word(entry, *text, {"on", "off"}, mistakes);
  return std::nullopt;
}

std::optional<PlacedTable> read_table(const TomlEntry* entry, Mistakes& mistakes) {
  const auto* table = read_as<TomlTable>(entry, "a table", mistakes);
  return table == nullptr ? std::nullopt : std::optional(PlacedTable{table, entry->value.position});
}

std::vector<PlacedTable> read_tables(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedTable> tables;
  if (entry == nullptr) return tables;
  const auto* array = std::get_if<TomlArray>(&entry->value.data);
  if (array == nullptr) {
    const bool is_table = std::holds_alternative<TomlTable>(entry->value.data);
    add_wrong_type(*entry, "an array of tables", mistakes,
                   is_table ? fmt::format("write [[{0}]], or {0} = [ {{ ... }} ]", entry->key) : "");
    return tables;
  }
  for (const TomlValue& item : *array) {
    const auto* table = std::get_if<TomlTable>(&item.data);
    if (table != nullptr)
      tables.push_back({table, item.position});
    else
      add_wrong_item(*entry, item, "a table", mistakes);
  }
  return tables;
}

std::vector<PlacedTable> read_tables(const TomlEntry* entry, std::size_t most, std::string_view what,
                                     Mistakes& mistakes) {
  std::vector<PlacedTable> tables = read_tables(entry, mistakes);
  if (tables.size() > most) {
    mistakes.add(tables[most].position, fmt::format("more than {} {}", most, what));
    tables.resize(most);
  }
  return tables;
}

std::vector<PlacedString> read_strings(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedString> strings;
  const auto* array = read_as<TomlArray>(entry, "an array of strings", mistakes);
  if (array == nullptr) return strings;
  for (const TomlValue& item : *array) {
    const auto* text = std::get_if<std::string>(&item.data);
    if (text == nullptr)
      add_wrong_item(*entry, item, "a string", mistakes);
    else if (text->empty())
      mistakes.add(item.position, fmt::format("an item of '{}' is empty", entry->key));
    else
      strings.push_back({*text, item.position});
  }
  return strings;
}

void add_unknown_word(const TomlEntry& entry, const std::string& word, const std::vector<std::string>& words,
                      Mistakes& mistakes) {
  mistakes.add(entry.value.position, fmt::format("'{}' is not a value of '{}'", word, entry.key),
               words.size() <= 4 ? fmt::format("one of: {}", fmt::join(words, ", ")) : hint_for(word, words));
}

}  // namespace offlab
