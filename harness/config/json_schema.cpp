#include "config/json_schema.h"

#include <fmt/core.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "config/file_keys.h"
#include "setting/rows.h"
#include "setting/setting.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

json whole_or_real(double value) {
  const auto whole = static_cast<std::int64_t>(value);
  return static_cast<double>(whole) == value ? json(whole) : json(value);
}

json bounded(const char* type, const FileKey& key) {
  return {{"type", type}, {"minimum", whole_or_real(key.low)}, {"maximum", whole_or_real(key.high)}};
}

json number_or_text(const char* type, const FileKey& key) {
  return {{"anyOf", {bounded(type, key), {{"type", "string"}}}}};
}

json on_off() {
  return {{"enum", {"on", "off", true, false}}};
}

json switches_schema(const FileKey& key) {
  json schema = {{"type", "object"}};
  if (key.words.empty()) {
    schema["additionalProperties"] = on_off();
    return schema;
  }
  for (const std::string& word : key.words) schema["properties"][word] = on_off();
  schema["additionalProperties"] = false;
  return schema;
}

json reference(const std::string& table) {
  return {{"$ref", "#/$defs/" + table}};
}

json kind_schema(const FileKey& key) {
  const json value = {{"type", {"string", "integer", "boolean"}}};
  switch (key.kind) {
    case KeyKind::text:
      return {{"type", "string"}};
    case KeyKind::word:
      return {{"enum", key.words}};
    case KeyKind::boolean:
      return {{"type", "boolean"}};
    case KeyKind::on_off:
      return on_off();
    case KeyKind::integer:
      return bounded("integer", key);
    case KeyKind::number:
      return bounded("number", key);
    case KeyKind::seconds:
      return number_or_text("number", key);
    case KeyKind::bytes:
    case KeyKind::mebibytes:
      return number_or_text("integer", key);
    case KeyKind::strings:
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case KeyKind::switches:
      return switches_schema(key);
    case KeyKind::settings:  // "router.lro" = "off", or nested: router.lro = "off"
    case KeyKind::setting_lists:
      return {{"type", "object"}};
    case KeyKind::table:
      return reference(key.table);
    case KeyKind::tables:
      return {{"type", "array"}, {"items", reference(key.table)}};
  }
  return {};
}

// "hypervisor.lro, NETWORK.hypervisor.lro, ..."
std::string known_settings() {
  std::vector<std::string> patterns;
  for (const Row& row : setting_rows())
    for (const std::string& pattern : patterns_of(row)) patterns.push_back(pattern);
  return fmt::format("{}", fmt::join(patterns, ", "));
}

json table_schema(const FileTable& table) {
  json schema = {{"type", "object"}};
  if (!table.meaning.empty()) schema["description"] = table.meaning;
  json required = json::array();
  for (const FileKey& key : table.keys) {
    json property = kind_schema(key);
    std::string description = key.meaning;
    if (!key.otherwise.empty())
      description += fmt::format("{}default: {}", description.empty() ? "" : "; ", key.otherwise);
    if (key.kind == KeyKind::settings || key.kind == KeyKind::setting_lists) description += ". " + known_settings();
    if (!description.empty()) property["description"] = description;
    schema["properties"][key.name] = std::move(property);
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) schema["required"] = required;
  schema["additionalProperties"] = false;
  return schema;
}

std::string bounds(const FileKey& key) {
  return fmt::format("{}..{}", key.low, static_cast<std::int64_t>(key.high));
}

std::string quoted_words(const FileKey& key) {
  std::string text;
  for (const std::string& word : key.words) text += fmt::format("{}`\"{}\"`", text.empty() ? "" : ", ", word);
  return text;
}

std::string type_text(const FileKey& key) {
  switch (key.kind) {
    case KeyKind::text:
      return "text";
    case KeyKind::word:
      return key.called.empty() ? quoted_words(key) : key.called;
    case KeyKind::boolean:
      return "`true`, `false`";
    case KeyKind::on_off:
      return R"(`"on"`, `"off"`)";
    case KeyKind::integer:
    case KeyKind::number:
      return bounds(key);
    case KeyKind::seconds:
      return fmt::format("seconds, {}, or text (`\"3s\"`)", bounds(key));
    case KeyKind::bytes:
      return fmt::format("bytes, or text (`\"64MB\"`), {}..{}",
                         to_string(ByteCount{static_cast<std::uint64_t>(key.low)}),
                         to_string(ByteCount{static_cast<std::uint64_t>(key.high)}));
    case KeyKind::mebibytes:
      return fmt::format("MiB, {}", bounds(key));
    case KeyKind::strings:
      return "list of text";
    case KeyKind::switches:
      return key.words.empty() ? "table of on/off" : fmt::format("table of on/off: {}", fmt::join(key.words, ", "));
    case KeyKind::settings:
      return "table of settings";
    case KeyKind::setting_lists:
      return "table of lists";
    case KeyKind::table:
      return "table, see below";
    case KeyKind::tables:
      return "list of tables, see below";
  }
  return "";
}

std::string key_row(const FileKey& key) {
  return fmt::format("| `{}` | {}{} | {} | {} |\n", key.name, type_text(key), key.required ? ", required" : "",
                     key.otherwise, key.meaning);
}

}  // namespace

std::string topology_json_schema() {
  json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "offlab topology file"}};
  schema.update(table_schema(file_tables().front()));
  for (const FileTable& table : file_tables())
    if (&table != &file_tables().front()) schema["$defs"][table.name] = table_schema(table);
  return schema.dump(1) + "\n";
}

std::string topology_key_tables() {
  std::string text;
  for (const FileTable& table : file_tables()) {
    text += fmt::format("### {}\n\n", table.title);
    if (!table.meaning.empty()) text += table.meaning + "\n\n";
    text += "| key | type | default | meaning |\n|---|---|---|---|\n";
    for (const FileKey& key : table.keys) text += key_row(key);
    text += "\n";
  }
  return text + "### Settings of axes and cases\n\n" + setting_table() + "\n";
}

}  // namespace offlab
