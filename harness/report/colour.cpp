#include "report/colour.h"

#include <algorithm>
#include <optional>

namespace offlab {
namespace {

constexpr std::string_view plain = "\033[0m";

struct Coloured {
  std::string_view word;
  std::string_view code;  // source: ECMA-48, 8.3.117 (SGR)
};

constexpr std::string_view green = "\033[32m";
constexpr std::string_view red = "\033[1;31m";
constexpr std::string_view yellow = "\033[33m";
constexpr std::string_view magenta = "\033[1;35m";
constexpr std::string_view cyan = "\033[36m";

constexpr Coloured words[] = {
    {"PASS", green},          {"pass", green},          {"FAIL", red},       {"fail", red},
    {"INCONCLUSIVE", yellow}, {"inconclusive", yellow}, {"warning", yellow}, {"ERROR", magenta},
    {"error", magenta},       {"error:", magenta},      {"SKIP", cyan},      {"skip", cyan},
};

std::optional<std::string_view> colour_of(std::string_view word) {
  const auto found =
      std::find_if(std::begin(words), std::end(words), [&](const Coloured& one) { return one.word == word; });
  return found == std::end(words) ? std::nullopt : std::optional(found->code);
}

// Begins the line, or stands in a column, or answers.
bool is_outcome(std::string_view before, std::string_view behind) {
  if (before.empty() || before == "    ") return true;
  if (before.ends_with("  ") && (behind.empty() || behind.starts_with("  "))) return true;
  return before.ends_with("? ") && behind.empty();
}

std::string coloured_line(std::string_view line) {
  std::string text;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t begin = std::min(line.find_first_not_of(' ', at), line.size());
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string_view word = line.substr(begin, end - begin);
    const auto code = colour_of(word);
    text += line.substr(at, begin - at);
    if (code && is_outcome(line.substr(0, begin), line.substr(end)))
      text.append(*code).append(word).append(plain);
    else
      text += word;
    at = end;
  }
  return text;
}

}  // namespace

bool wants_colours(ColourChoice choice, const ColourEnvironment& environment, bool is_terminal) {
  if (choice != ColourChoice::automatic) return choice == ColourChoice::always;
  if (!environment.no_color.empty()) return false;
  if (!environment.clicolor_force.empty() && environment.clicolor_force != "0") return true;
  return is_terminal && environment.term != "dumb";
}

std::string with_colours(std::string_view clean_text) {
  std::string text;
  for (std::size_t at = 0; at < clean_text.size();) {
    const std::size_t end = std::min(clean_text.find('\n', at), clean_text.size());
    text += coloured_line(clean_text.substr(at, end - at));
    if (end < clean_text.size()) text += '\n';
    at = end + 1;
  }
  return text;
}

}  // namespace offlab
