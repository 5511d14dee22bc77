#include "manual/roff.h"

#include <fmt/core.h>

#include "base/clean_text.h"

namespace offlab {
namespace {

// Source: groff_char(7). What an ordinary page would show in another shape than a terminal has it.
std::string_view escaped(char one) {
  switch (one) {
    case '\\':
      return "\\e";
    case '-':
      return "\\-";
    case '\'':
      return "\\(aq";
    case '`':
      return "\\(ga";
    case '^':
      return "\\(ha";
    case '~':
      return "\\(ti";
    case '"':
      return "\\(dq";
    default:
      return {};
  }
}

}  // namespace

std::string roff_words(std::string_view text) {
  std::string result;
  for (const char one : clean_line(text)) {
    const std::string_view name = escaped(one);
    if (name.empty())
      result += one;
    else
      result += name;
  }
  return result;
}

std::string roff_line(std::string_view text) {
  const std::string words = roff_words(text);
  // A line that begins with a dot is a request.
  return (words.empty() || words.front() != '.' ? "" : "\\&") + words + "\n";
}

std::string roff_bold(std::string_view text) {
  return fmt::format("\\fB{}\\fR", roff_words(text));
}

std::string roff_italic(std::string_view text) {
  return fmt::format("\\fI{}\\fR", roff_words(text));
}

}  // namespace offlab
