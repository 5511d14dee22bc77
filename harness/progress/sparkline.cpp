#include "progress/sparkline.h"

#include <algorithm>
#include <cmath>

namespace offlab {
namespace {

constexpr const char* blocks[] = {"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
constexpr const char* letters[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
constexpr int steps = 8;

}  // namespace

std::string sparkline(std::span<const double> values, double highest, std::size_t columns, bool unicode) {
  if (values.size() > columns) values = values.last(columns);
  std::string text;
  for (const double value : values) {
    const double share = highest > 0 && value > 0 ? std::min(value / highest, 1.0) : 0;
    const int step = std::clamp(static_cast<int>(std::ceil(share * steps)) - 1, 0, steps - 1);
    text += unicode ? blocks[step] : letters[step];
  }
  return text;
}

}  // namespace offlab
