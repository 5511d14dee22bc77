#include "config/parse_cases.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "config/names.h"

namespace offlab {
namespace {

struct FlatEntry {
  std::string key;
  SourcePosition key_position;
  const TomlValue* value = nullptr;
};

void flatten(const TomlTable& table, const std::string& prefix, std::vector<FlatEntry>& into) {
  for (const TomlEntry& entry : table.entries) {
    const auto* inner = std::get_if<TomlTable>(&entry.value.data);
    if (inner != nullptr && !inner->entries.empty())
      flatten(*inner, prefix + entry.key + '.', into);
    else
      into.push_back({prefix + entry.key, entry.key_position, &entry.value});
  }
}

// The settings of a table in file order, nested tables joined with dots, at most `limit`.
std::vector<FlatEntry> read_settings(const TomlEntry* entry, std::size_t limit, Mistakes& mistakes) {
  std::vector<FlatEntry> settings;
  const auto table = read_table(entry, mistakes);
  if (!table) return settings;
  flatten(*table->table, "", settings);
  std::stable_sort(settings.begin(), settings.end(),
                   [](const FlatEntry& a, const FlatEntry& b) { return a.key_position < b.key_position; });
  if (settings.size() > limit) {
    mistakes.add(settings[limit].key_position, fmt::format("more than {} settings in '{}'", limit, entry->key));
    settings.resize(limit);
  }
  std::set<std::string> keys;
  for (const FlatEntry& setting : settings)
    if (!keys.insert(setting.key).second)
      mistakes.add(setting.key_position, fmt::format("the setting '{}' is there twice", setting.key));
  return settings;
}

std::optional<PlacedString> read_setting_value(const std::string& key, const TomlValue& value, Mistakes& mistakes) {
  if (const auto* text = std::get_if<std::string>(&value.data)) return PlacedString{*text, value.position};
  if (const auto* boolean = std::get_if<bool>(&value.data))
    return PlacedString{*boolean ? "true" : "false", value.position};
  if (const auto* integer = std::get_if<std::int64_t>(&value.data))
    return PlacedString{fmt::format("{}", *integer), value.position};
  mistakes.add(value.position, fmt::format("a value of '{}' must be a string, an integer or a boolean, not {}", key,
                                           type_phrase(value)));
  return std::nullopt;
}

std::vector<PlacedString> read_axis_values(const FlatEntry& axis, Mistakes& mistakes) {
  std::vector<PlacedString> values;
  const auto* array = std::get_if<TomlArray>(&axis.value->data);
  if (array == nullptr) {
    mistakes.add(axis.value->position,
                 fmt::format("axis '{}' must be an array of values, not {}", axis.key, type_phrase(*axis.value)));
    return values;
  }
  if (array->empty()) mistakes.add(axis.value->position, fmt::format("axis '{}' has no values", axis.key));
  std::set<std::string> seen;
  for (const TomlValue& item : *array) {
    auto value = read_setting_value(axis.key, item, mistakes);
    if (!value) continue;
    if (!seen.insert(value->text).second)
      mistakes.add(value->position, fmt::format("axis '{}' has the value '{}' twice", axis.key, value->text));
    values.push_back(std::move(*value));
  }
  return values;
}

std::optional<Expectation> read_expect(const TomlEntry* entry, Mistakes& mistakes) {
  return read_word(entry, parse_expectation, file_table("case").key("expect").words, mistakes);
}

std::vector<PlacedSetting> read_placed_settings(const TomlEntry* set, Mistakes& mistakes) {
  std::vector<PlacedSetting> settings;
  for (const FlatEntry& setting : read_settings(set, max_settings, mistakes))
    if (const auto value = read_setting_value(setting.key, *setting.value, mistakes))
      settings.push_back({{setting.key, value->text}, setting.key_position, value->position});
  return settings;
}

PlacedCase parse_named_case(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(file_table("case"), *table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* set = reader.find("set");
  const TomlEntry* expect = reader.find("expect");
  const TomlEntry* maturity = reader.find("maturity");
  reader.refuse_unknown_keys();

  PlacedCase result;
  result.name = read_file_name(name, mistakes).value_or("");
  result.position = reader.place_of(name);
  result.expect = read_expect(expect, mistakes);
  result.experimental = read_maturity(maturity, mistakes);
  result.set = read_placed_settings(set, mistakes);
  return result;
}

PlacedExclusion parse_exclusion(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(file_table("exclude"), *table.table, table.position, mistakes);
  const TomlEntry* set = reader.require("set");
  static_cast<void>(read_text(reader.find("reason"), mistakes));  // for people
  reader.refuse_unknown_keys();
  PlacedExclusion result{read_placed_settings(set, mistakes)};
  if (set != nullptr && result.set.empty()) mistakes.add(set->value.position, "an exclusion without a setting");
  return result;
}

}  // namespace

std::optional<bool> read_maturity(const TomlEntry* entry, Mistakes& mistakes) {
  const auto parse = [](std::string_view word) -> std::optional<bool> {
    if (word != "stable" && word != "experimental") return std::nullopt;
    return word == "experimental";
  };
  return read_word(entry, parse, file_table("case").key("maturity").words, mistakes);
}

std::vector<PlacedAxis> parse_axes(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedAxis> axes;
  for (const FlatEntry& axis : read_settings(entry, max_axes, mistakes)) {
    std::vector<PlacedString> values = read_axis_values(axis, mistakes);
    if (!values.empty()) axes.push_back({axis.key, axis.key_position, std::move(values)});
  }
  return axes;
}

std::vector<PlacedCase> parse_named_cases(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedCase> cases;
  std::set<std::string> names;
  for (const PlacedTable& table : read_tables(entry, max_named_cases, "cases", mistakes)) {
    PlacedCase named = parse_named_case(table, mistakes);
    if (!named.name.empty() && !names.insert(named.name).second)
      mistakes.add(named.position, fmt::format("there is already a case '{}'", named.name));
    cases.push_back(std::move(named));
  }
  return cases;
}

std::vector<PlacedExclusion> parse_exclusions(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedExclusion> exclusions;
  for (const PlacedTable& table : read_tables(entry, max_exclusions, "exclusions", mistakes))
    exclusions.push_back(parse_exclusion(table, mistakes));
  return exclusions;
}

}  // namespace offlab
