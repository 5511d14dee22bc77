#include "config/recognized_file.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr std::string_view blanks = " \t\r";

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

bool skip(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool is_table(const FileKey& key) {
  return key.kind == KeyKind::table || key.kind == KeyKind::tables || key.kind == KeyKind::setting_lists;
}

// KEY =, KEY.MORE, [TABLE], [[TABLE]] or [TABLE.MORE]
bool begins_with_key(std::string_view line, const FileTable& kind) {
  skip_blanks(line);
  const bool header = skip(line, '[');
  if (skip(line, '[')) skip_blanks(line);
  skip_blanks(line);
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r=.]"));
  line.remove_prefix(word.size());
  skip_blanks(line);
  if (!skip(line, header ? ']' : '=') && !skip(line, '.')) return false;
  return std::any_of(kind.keys.begin(), kind.keys.end(),
                     [&](const FileKey& key) { return key.name == word && (!header || is_table(key)); });
}

bool has_line_with_key(std::string_view text, const FileTable& kind) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (begins_with_key(line, kind)) return true;
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return false;
}

bool has_key(const TomlTable& table, const FileTable& kind) {
  return std::any_of(table.entries.begin(), table.entries.end(), [&](const TomlEntry& entry) {
    return std::any_of(kind.keys.begin(), kind.keys.end(), [&](const FileKey& key) { return key.name == entry.key; });
  });
}

}  // namespace

std::optional<TomlTable> parse_recognized(std::string_view text, const FileTable& kind, const std::string& what,
                                          Mistakes& mistakes, std::uint32_t file) {
  Mistakes of_text(std::vector<std::string>(file + 1));
  auto table = parse_toml(text, of_text, file);
  const std::string begin = fmt::format(R"(begin one with {} = "...")", kind.keys.front().name);
  if (table) {
    if (table->entries.empty() || has_key(*table, kind)) return table;
    mistakes.add_unquoted({1, 1, file}, fmt::format("this is no {}: it has none of the keys of one", what), begin);
    return std::nullopt;
  }
  const Diagnostics found = of_text.take();
  if (has_line_with_key(text, kind))
    for (const Diagnostic& one : found) mistakes.add(one.position, one.message, one.hint);
  else
    mistakes.add_unquoted(found.front().position,
                          fmt::format("this is no {}: it is no TOML, and no line begins with a key of one", what),
                          begin);
  return std::nullopt;
}

}  // namespace offlab
