#include "base/diagnostic.h"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

#include "base/clean_format.h"

namespace offlab {
namespace {

std::string_view line_of(std::string_view source, std::uint32_t number) {
  for (std::uint32_t line = 1; line < number; ++line) {
    const auto end = source.find('\n');
    if (end == std::string_view::npos) return {};
    source.remove_prefix(end + 1);
  }
  return source.substr(0, source.find_first_of("\r\n"));
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

std::string render(const Diagnostic& diagnostic, std::string_view source) {
  const auto [line, column, file] = diagnostic.position;
  std::string text = line == 0
                         ? clean_format("{}: error: {}\n", diagnostic.file, diagnostic.message)
                         : clean_format("{}:{}:{}: error: {}\n", diagnostic.file, line, column, diagnostic.message);
  if (line != 0 && diagnostic.quotes) {
    const std::string shown = clean_columns(line_of(source, line));
    if (shown.size() <= 400) text += fmt::format("  {}\n  {:>{}}\n", shown, "^", std::max(column, 1U));
  }
  if (!diagnostic.hint.empty()) text += clean_format("  hint: {}\n", diagnostic.hint);
  return text;
}

std::string render(Diagnostics diagnostics, std::string_view source) {
  if (diagnostics.empty()) return {};
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return a.position < b.position; });
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) text += render(diagnostic, source);
  const auto count = diagnostics.size();
  return text + clean_format("{} {} in {}\n", count, count == 1 ? "mistake" : "mistakes", diagnostics.front().file);
}

std::string render(const Diagnostics& diagnostics, const std::vector<SourceFile>& files) {
  std::string text;
  for (const SourceFile& file : files) {
    Diagnostics own;
    for (const Diagnostic& diagnostic : diagnostics)
      if (diagnostic.file == file.name) own.push_back(diagnostic);
    text += render(std::move(own), file.text);
  }
  return text;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  // Two slips are forgiven, but not as many as there are letters.
  std::size_t best_distance =
      std::min(std::max<std::size_t>(2, word.size() / 3) + 1, std::max<std::size_t>(word.size(), 1));
  for (const std::string& candidate : candidates) {
    const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});  // a list: values, not references
    if (longer - shorter >= best_distance) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace offlab
