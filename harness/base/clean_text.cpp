#include "base/clean_text.h"

#include <algorithm>
#include <utility>

namespace offlab {
namespace {

constexpr char escape = '\033';
constexpr char32_t no_character = 0xffff'ffff;

struct Character {
  char32_t code = no_character;  // this one: the byte begins no UTF-8
  std::size_t bytes = 1;
};

// Source: RFC 3629, 3 and 4: neither surrogates nor longer forms than needed.
Character character_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() - at < bytes) return {};
  char32_t code = first & (0xffU >> (bytes + 1));
  for (const char next : text.substr(at + 1, bytes - 1)) {
    if ((static_cast<unsigned char>(next) & 0xc0U) != 0x80) return {};
    code = code << 6U | (static_cast<unsigned char>(next) & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (surrogate || code > 0x10'ffff || (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x1'0000)) return {};
  return {code, bytes};
}

bool is_control(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
}

// Source: Unicode, 23.7 (noncharacters), 23.2 (bidirectional controls), 5.8 (separators of lines), 23.8 (U+FEFF).
bool is_shown(char32_t code) {
  const bool nonchar = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffeU) == 0xfffe;
  const bool turns = code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) ||
                     (code >= 0x2066 && code <= 0x2069);
  return code != no_character && !is_control(code) && !nonchar && !turns && code != 0x2028 && code != 0x2029 &&
         code != 0xfeff;
}

bool in_range(std::string_view text, std::size_t at, char first, char last) {
  return at < text.size() && text[at] >= first && text[at] <= last;
}

// The end of a control sequence of which `at` is the first parameter. Source: ECMA-48, 5.4.
std::size_t control_sequence_end(std::string_view text, std::size_t at) {
  while (in_range(text, at, ' ', '?')) ++at;
  return in_range(text, at, '@', '~') ? at + 1 : at;
}

// The end of a control string (a window's title, say). One that nothing ends takes no other line with it. Source:
// ECMA-48, 5.6; terminals end them at BEL, too.
std::size_t control_string_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '\r' && text[at] != '\n' && text[at] != escape) {
    const auto [code, bytes] = character_at(text, at);
    at += bytes;
    if (code == '\a' || code == 0x9c) return at;
  }
  return text.substr(at, 2) == "\033\\" ? at + 2 : at;
}

// `kind` is the byte that follows ESC.
std::size_t sequence_end(std::string_view text, std::size_t at, char kind) {
  if (kind == '[') return control_sequence_end(text, at);
  return std::string_view("PX]^_").find(kind) == std::string_view::npos ? at : control_string_end(text, at);
}

// The end of the control function that begins at `at`, with ESC or with a C1 character. Source: ECMA-48, 5.3;
// ECMA-35, 13.
std::size_t control_function_end(std::string_view text, std::size_t at, const Character& begin) {
  if (begin.code != escape) return sequence_end(text, at + begin.bytes, static_cast<char>(begin.code - 0x40));
  ++at;
  if (in_range(text, at, ' ', '/')) {
    while (in_range(text, at, ' ', '/')) ++at;
    return in_range(text, at, '0', '~') ? at + 1 : at;
  }
  return in_range(text, at, '0', '~') ? sequence_end(text, at + 1, text[at]) : at;
}

// Text in the making; what is between its lines is told by whoever makes it.
class Cleaned {
 public:
  explicit Cleaned(bool keeps_lines) : keeps_lines_(keeps_lines) {}

  void add(std::string_view shown) {
    if (line_ended_ && !text_.empty()) text_ += " / ";
    line_ended_ = false;
    text_ += shown;
  }
  void end_lines(std::string_view ends) {
    const auto count = static_cast<std::size_t>(std::count(ends.begin(), ends.end(), '\n'));
    if (count == 0) return add(" ");
    line_ended_ = !keeps_lines_;
    if (keeps_lines_) text_.append(count, '\n');
  }
  void add_tab() { add(keeps_lines_ ? "\t" : " "); }
  std::string take() { return std::move(text_); }

 private:
  bool keeps_lines_;
  bool line_ended_ = false;
  std::string text_;
};

std::string cleaned(std::string_view text, bool keeps_lines) {
  Cleaned result(keeps_lines);
  for (std::size_t at = 0; at < text.size();) {
    const Character one = character_at(text, at);
    if (one.code == '\r' || one.code == '\n') {
      const std::size_t end = std::min(text.find_first_not_of("\r\n", at), text.size());
      result.end_lines(text.substr(at, end - at));
      at = end;
    } else if (one.code == escape || (one.code >= 0x80 && one.code <= 0x9f)) {
      at = control_function_end(text, at, one);
    } else {
      if (one.code == '\t')
        result.add_tab();
      else if (!is_control(one.code))
        result.add(is_shown(one.code) ? text.substr(at, one.bytes) : "?");
      at += one.bytes;
    }
  }
  return result.take();
}

}  // namespace

std::string clean_line(std::string_view text) {
  return cleaned(text, false);
}

std::string clean_text(std::string_view text) {
  return cleaned(text, true);
}

std::string clean_columns(std::string_view line) {
  std::string result;
  for (std::size_t at = 0; at < line.size();) {
    const auto [code, bytes] = character_at(line, at);
    result += code == '\t' ? " " : is_shown(code) ? line.substr(at, bytes) : "?";
    at += bytes;
  }
  return result;
}

}  // namespace offlab
