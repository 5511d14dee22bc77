// "0-3,8" of numbers in order, as taskset(1) and sbatch(1) take them.
#pragma once

#include <string>
#include <vector>

namespace offlab {

template <typename Number>
std::string number_ranges(const std::vector<Number>& numbers) {
  std::string text;
  for (auto first = numbers.begin(); first != numbers.end();) {
    auto last = first;
    while (last + 1 != numbers.end() && *(last + 1) == *last + 1) ++last;
    if (!text.empty()) text += ",";
    text += std::to_string(*first);
    if (last != first) text += "-" + std::to_string(*last);
    first = last + 1;
  }
  return text;
}

}  // namespace offlab
