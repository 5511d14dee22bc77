#include "config/resolved_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "config/toml_document.h"

namespace offlab {
namespace {

// What the one case has in place of, or what has been followed.
constexpr const char* left_out[] = {"name", "summary", "extend", "axes", "case", "exclude", "maturity"};
constexpr std::string_view of_repetitions = "repeat";
constexpr std::string_view of_flows = "flow";  // the axis of a file with several of them

// A string of JSON is one of TOML (https://toml.io/en/v1.0.0#string).
std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string number_text(double number) {
  std::string text = fmt::format("{}", number);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string key_text(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  });
  return bare ? key : quoted(key);
}

class Writer {
 public:
  explicit Writer(const std::map<std::string, std::string>& images) : images_(images) {}

  // Values first, then tables: what follows a table's header belongs to it.
  void table(const TomlTable& table, const std::string& path) {
    for (const TomlEntry& entry : table.entries)
      if (!is_section(entry.value)) text_ += fmt::format("{} = {}\n", key_text(entry.key), inline_text(entry));
    for (const TomlEntry& entry : table.entries) {
      const std::string name = path.empty() ? key_text(entry.key) : path + "." + key_text(entry.key);
      if (const auto* inner = std::get_if<TomlTable>(&entry.value.data)) {
        text_ += fmt::format("\n[{}]\n", name);
        this->table(*inner, name);
      } else if (is_section(entry.value)) {
        for (const TomlValue& item : std::get<TomlArray>(entry.value.data)) {
          text_ += fmt::format("\n[[{}]]\n", name);
          this->table(std::get<TomlTable>(item.data), name);
        }
      }
    }
  }

  std::string take() { return std::move(text_); }

 private:
  // Tables of interfaces and the like stay on their line.
  static bool is_section(const TomlValue& value) {
    if (std::holds_alternative<TomlTable>(value.data)) return true;
    const auto* array = std::get_if<TomlArray>(&value.data);
    const auto is_large = [](const TomlValue& item) {
      const auto* table = std::get_if<TomlTable>(&item.data);
      return table != nullptr && std::any_of(table->entries.begin(), table->entries.end(),
                                             [](const TomlEntry& entry) { return entry.key == "name"; });
    };
    return array != nullptr && !array->empty() && std::all_of(array->begin(), array->end(), is_large);
  }

  std::string inline_text(const TomlEntry& entry) const {
    const auto* text = std::get_if<std::string>(&entry.value.data);
    if (entry.key == "image" && text != nullptr)
      if (const auto image = images_.find(*text); image != images_.end()) return quoted(image->second);
    return inline_text(entry.value);
  }

  std::string inline_text(const TomlValue& value) const {
    return std::visit(
        [this](const auto& data) -> std::string {
          using Data = std::decay_t<decltype(data)>;
          if constexpr (std::is_same_v<Data, std::string>) {
            return quoted(data);
          } else if constexpr (std::is_same_v<Data, bool>) {
            return data ? "true" : "false";
          } else if constexpr (std::is_same_v<Data, TomlArray>) {
            std::vector<std::string> items;
            for (const TomlValue& item : data) items.push_back(inline_text(item));
            return fmt::format("[{}]", fmt::join(items, ", "));
          } else if constexpr (std::is_same_v<Data, TomlTable>) {
            std::vector<std::string> items;
            for (const TomlEntry& entry : data.entries)
              items.push_back(fmt::format("{} = {}", key_text(entry.key), inline_text(entry)));
            return fmt::format("{{ {} }}", fmt::join(items, ", "));
          } else if constexpr (std::is_same_v<Data, TomlDateTime>) {
            throw Error("a topology file has no date");
          } else if constexpr (std::is_same_v<Data, double>) {
            return number_text(data);
          } else {
            return fmt::format("{}", data);
          }
        },
        value.data);
  }

  const std::map<std::string, std::string>& images_;
  std::string text_;
};

TomlTable merged_files(const std::vector<SourceFile>& files) {
  std::vector<std::string> names;
  for (const SourceFile& file : files) names.push_back(file.name);
  Mistakes mistakes(std::move(names));
  std::optional<TomlTable> whole;
  for (std::size_t i = files.size(); i-- > 0;) {
    const auto table = parse_toml(files[i].text, mistakes, static_cast<std::uint32_t>(i));
    if (!table) throw Error(fmt::format("{} is no TOML file", files[i].name));
    whole = whole ? merged(std::move(*whole), *table) : *table;
  }
  return whole.value_or(TomlTable());
}

void set_value(TomlTable& table, const std::string& key, TomlValue value) {
  for (TomlEntry& entry : table.entries)
    if (entry.key == key) {
      entry.value = std::move(value);
      return;
    }
  table.entries.push_back({key, {}, std::move(value)});
}

TomlTable& inner_table(TomlTable& table, const std::string& key) {
  for (TomlEntry& entry : table.entries)
    if (auto* inner = std::get_if<TomlTable>(&entry.value.data); entry.key == key && inner != nullptr) return *inner;
  table.entries.push_back({key, {}, {{}, TomlTable()}});
  return std::get<TomlTable>(table.entries.back().value.data);
}

void set_measure(TomlTable& table, const ResolvedCase& one) {
  TomlTable& measure = inner_table(table, "measure");
  set_value(measure, "duration", {{}, fmt::format("{:g}s", one.duration_seconds)});
  set_value(measure, "warmup", {{}, fmt::format("{:g}s", one.warmup_seconds)});
}

std::string name_in(const TomlValue& value) {
  if (const auto* table = std::get_if<TomlTable>(&value.data))
    for (const TomlEntry& entry : table->entries)
      if (const auto* name = std::get_if<std::string>(&entry.value.data); entry.key == "name" && name != nullptr)
        return *name;
  return "";
}

// Gives the names of the others.
std::vector<std::string> keep_flow(TomlTable& table, const std::string& name) {
  std::vector<std::string> others;
  for (TomlEntry& entry : table.entries) {
    auto* flows = std::get_if<TomlArray>(&entry.value.data);
    if (entry.key != of_flows || flows == nullptr) continue;
    TomlArray kept;
    for (TomlValue& flow : *flows) {
      if (name_in(flow) == name)
        kept.push_back(std::move(flow));
      else
        others.push_back(name_in(flow));
    }
    *flows = std::move(kept);
  }
  return others;
}

bool is_of_any(const std::string& key, const std::vector<std::string>& flows) {
  return std::any_of(flows.begin(), flows.end(),
                     [&](const std::string& flow) { return key.rfind(flow + ".", 0) == 0; });
}

}  // namespace

std::string resolved_file(const std::vector<SourceFile>& files, const ResolvedCase& one,
                          const std::map<std::string, std::string>& images) {
  TomlTable table = merged_files(files);
  table.entries.erase(std::remove_if(table.entries.begin(), table.entries.end(),
                                     [](const TomlEntry& entry) {
                                       return std::find(std::begin(left_out), std::end(left_out), entry.key) !=
                                              std::end(left_out);
                                     }),
                      table.entries.end());
  if (one.duration_seconds > 0) set_measure(table, one);
  std::vector<std::string> gone;
  for (const auto& [key, value] : one.settings)
    if (key == of_flows) gone = keep_flow(table, value);
  Writer writer(images);
  writer.table(table, "");
  std::vector<std::string> settings;
  for (const auto& [key, value] : one.settings)
    if (key != of_repetitions && key != of_flows && !is_of_any(key, gone))
      settings.push_back(fmt::format("{} = {}", quoted(key), quoted(value)));
  std::string text = fmt::format("name = {}\n", quoted(one.name));
  if (!one.summary.empty()) text += fmt::format("summary = {}\n", quoted(one.summary));
  text += writer.take();
  text += fmt::format("\n[[case]]\nname = {}\nset = {{ {} }}\n", quoted(one.name), fmt::join(settings, ", "));
  if (!one.expect.empty()) text += fmt::format("expect = {}\n", quoted(one.expect));
  return text;
}

}  // namespace offlab
