#include "progress/columns.h"

namespace offlab {
namespace {

// Bytes of the UTF-8 character that begins with this one.
std::size_t bytes_of(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

// Source: Unicode, East Asian Width: below U+1100 nothing is wide; blocks, arrows and the like up to U+2E80 are narrow,
// too. What combines with the character before it takes no column of its own and is counted nevertheless.
std::size_t columns_of_character(std::string_view text) {
  if (text.size() < 3) return 1;
  const auto code = static_cast<unsigned>(static_cast<unsigned char>(text[0]) & 0x0fU) << 12U |
                    static_cast<unsigned>(static_cast<unsigned char>(text[1]) & 0x3fU) << 6U;
  const bool narrow = text.size() == 3 && (code < 0x1100 || (code >= 0x1200 && code < 0x2e80));
  return narrow ? 1 : 2;
}

}  // namespace

std::size_t columns_of(std::string_view line) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < line.size(); at += bytes_of(line[at]))
    columns += columns_of_character(line.substr(at, bytes_of(line[at])));
  return columns;
}

std::string cut_to_columns(std::string_view line, std::size_t columns) {
  if (columns_of(line) <= columns) return std::string(line);
  const std::string_view dots = columns > 8 ? ".." : "";
  std::size_t taken = dots.size();
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t bytes = bytes_of(line[at]);
    const std::size_t more = columns_of_character(line.substr(at, bytes));
    if (taken + more > columns) break;
    taken += more;
    at += bytes;
  }
  return std::string(line.substr(0, at)) + std::string(dots);
}

}  // namespace offlab
