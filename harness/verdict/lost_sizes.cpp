#include "verdict/lost_sizes.h"

#include <algorithm>

#include <fmt/format.h>

namespace offlab {

std::string sizes_of_lost(const std::vector<Passage>& passages) {
  constexpr std::size_t most = 3;
  std::vector<Passage> lost;
  for (const Passage& one : passages)
    if (one.lost > 0) lost.push_back(one);
  std::stable_sort(lost.begin(), lost.end(), [](const Passage& a, const Passage& b) { return a.lost > b.lost; });
  lost.resize(std::min(lost.size(), most));
  std::vector<std::string> words;
  for (const Passage& one : lost)
    words.push_back(
        fmt::format("{} of {} {}", one.lost, one.sent,
                    one.longest == 0 ? "coalesced frames" : fmt::format("packets up to {} B", one.longest)));
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace offlab
