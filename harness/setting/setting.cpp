#include "setting/setting.h"

#include <algorithm>

#include <fmt/format.h>

#include "setting/rows.h"

namespace offlab {
namespace {

bool has_setting(const Topology& topology, const Row& row, const Part& part) {
  return !row.trouble || row.trouble(topology, part).empty();
}

std::string joined(const std::string& name, const std::string& word) {
  return name.empty() ? word : name + "." + word;
}

// Every word of the row's keys: one, or one a name.
std::vector<std::string> words_of(const Row& row) {
  if (!row.names) return {row.word};
  std::vector<std::string> words;
  for (const std::string& name : row.names->all) words.push_back(row.word + name);
  return words;
}

// The names of the parts that a row's keys may begin with: of networks, of nodes with their interfaces, of flows.
std::vector<std::string> names_for(const Topology& topology, const Row& row) {
  std::vector<std::string> names;
  if (row.everywhere) names.emplace_back();
  for (const Part& part : parts_of(topology, row.scope)) {
    if (!has_setting(topology, row, part)) continue;
    if (row.scope == Scope::interface && part.interface == 0) names.push_back(topology.nodes[part.node].name);
    names.push_back(name_of(topology, row.scope, part));
  }
  return names;
}

// Lines of `offlab validate --settings`.
class Description {
 public:
  explicit Description(const Topology& topology) : topology_(topology) {}

  std::string take() {
    for (const Row& row : setting_rows())
      if (row.scope == Scope::lab || row.everywhere) line("", row);
    each(Scope::network);
    for (const Part& node : parts_of(topology_, Scope::node)) tell_node(node);
    each(Scope::flow);
    return std::move(text_);
  }

 private:
  void each(Scope scope) {
    for (const Part& part : parts_of(topology_, scope))
      for (const Row& row : setting_rows())
        if (row.scope == scope && has_setting(topology_, row, part)) line(name_of(topology_, scope, part), row);
  }

  void tell_node(const Part& node) {
    const Node& one = topology_.nodes[node.node];
    for (const Row& row : setting_rows())
      if (row.scope == Scope::interface && has_setting(topology_, row, node)) line(one.name, row);
    for (const Interface& interface : one.interfaces)
      line(fmt::format("{}.{}.KEY", one.name, interface.network), "any of these for that one interface");
    for (const Row& row : setting_rows())
      if (row.scope == Scope::node) line(one.name, row);
  }

  void line(const std::string& name, const Row& row) {
    const std::string meaning = row.meaning.empty() ? "" : "; " + row.meaning;
    const std::string cost = row.cost == Cost::new_lab ? " [another lab]" : "";
    line(joined(name, row.word + (row.names ? row.names->placeholder : "")), row.shown + meaning + cost);
  }

  void line(const std::string& key, const std::string& values) { text_ += fmt::format("  {:<28} {}\n", key, values); }

  const Topology& topology_;
  std::string text_;
};

}  // namespace

std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting) {
  const auto& [key, value] = setting;
  auto search = find_setting(topology, key);
  if (auto* error = std::get_if<SettingError>(&search)) return std::move(*error);
  const FoundSetting& found = std::get<FoundSetting>(search);
  for (const Part& part : found.parts)
    if (!found.row->put(topology, part, found.name, value))
      return SettingError{false, fmt::format("'{}' is not a value of '{}'", value, key), found.row->values};
  return std::nullopt;
}

std::vector<std::string> setting_keys(const Topology& topology) {
  std::vector<std::string> keys;
  for (const Row& row : setting_rows())
    for (const std::string& name : names_for(topology, row))
      for (const std::string& word : words_of(row)) keys.push_back(joined(name, word));
  return keys;
}

std::string describe_settings(const Topology& topology) {
  return Description(topology).take();
}

std::string setting_table() {
  std::string text = "| setting | values | switched | meaning |\n|---|---|---|---|\n";
  for (const Row& row : setting_rows()) {
    std::string keys;
    for (const std::string& pattern : patterns_of(row))
      keys += fmt::format("{}`{}`", keys.empty() ? "" : ", ", pattern);
    std::string shown = row.called.empty() ? row.shown : row.called;
    for (auto bar = shown.find(" | "); bar != std::string::npos; bar = shown.find(" | ", bar))
      shown.replace(bar, 3, ", ");
    text += fmt::format("| {} | {} | {} | {} |\n", keys, shown, to_string(row.cost), row.meaning);
  }
  return text;
}

}  // namespace offlab
