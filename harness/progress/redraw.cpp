#include "progress/redraw.h"

#include <algorithm>

#include <fmt/core.h>

#include "progress/columns.h"

namespace offlab {
namespace {

// Source: ECMA-48, 8.3.22 (CUU), 8.3.41 (EL), 8.3.39 (ED).
constexpr const char* erase_rest_of_line = "\033[K";
constexpr const char* erase_below = "\033[J";

std::size_t rows_of(const std::vector<std::string>& lines, std::size_t columns) {
  std::size_t rows = 0;
  for (const std::string& line : lines)
    rows += std::max<std::size_t>(1, (columns_of(line) + columns - 1) / std::max<std::size_t>(columns, 1));
  return rows;
}

}  // namespace

std::string redrawn(const std::vector<std::string>& shown, const std::vector<std::string>& lines, std::size_t columns) {
  const std::size_t before = rows_of(shown, columns);
  const std::size_t now = rows_of(lines, columns);
  if (before + now == 0) return "";
  std::string text = "\r";
  if (before > 1) text += fmt::format("\033[{}A", before - 1);
  for (std::size_t i = 0; i < lines.size(); ++i) text += (i == 0 ? "" : "\n") + lines[i] + erase_rest_of_line;
  return now < before ? text + erase_below : text;
}

}  // namespace offlab
