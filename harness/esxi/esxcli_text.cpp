#include "esxi/esxcli_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/core.h>

#include "base/error.h"
#include "esxi/printed_lines.h"

namespace offlab {
namespace {

std::int64_t parse_value(std::string_view text, const EsxiSetting& setting, std::string_view name) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Error(fmt::format("esxcli: '{}' of {} is '{}', which is no integer", name, setting.key, text));
  return value;
}

std::string key_of(std::string_view path) {
  std::string key(path.substr(path.starts_with('/') ? 1 : 0));
  std::replace(key.begin(), key.end(), '/', '.');
  return key;
}

}  // namespace

std::string esxcli_path(std::string_view key) {
  const auto is_part = [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_'; };
  if (key.empty() || !std::all_of(key.begin(), key.end(), is_part))
    throw Error(fmt::format("'{}' is no name of a setting", key));
  std::string path = "/" + std::string(key);
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

std::vector<EsxiSetting> parse_esxcli_list(std::string_view output) {
  std::vector<EsxiSetting> settings;
  bool is_integer = false;
  for (const std::string_view printed : lines_of(output)) {
    const std::string_view line = trimmed(printed);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    // The whole name counts: "Int Value" is the tail of "Default Int Value" as well.
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "Path") {
      settings.push_back({key_of(value)});
      is_integer = false;
    }
    if (settings.empty()) continue;
    EsxiSetting& setting = settings.back();
    if (name == "Type") is_integer = value == "integer";
    if (name == "Int Value" && is_integer) setting.value = parse_value(value, setting, name);
    if (name == "Default Int Value" && is_integer) setting.standard = parse_value(value, setting, name);
    if (name == "Impact") setting.impact = value;
  }
  return settings;
}

}  // namespace offlab
