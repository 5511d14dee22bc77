#include "measure/nic_errors.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <sstream>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace offlab {
namespace {

using NamedCounter = std::pair<std::string, std::uint64_t>;

// vmxnet3's "OOB" and "fifo" of 8139cp count what came in while the ring was out of buffers.
constexpr std::array<std::string_view, 11> error_words = {"err",   "drop", "discard", "fcs",  "miss", "long",
                                                          "short", "bad",  "OOB",     "fail", "fifo"};

std::vector<NamedCounter> parse_statistics(const std::string& text) {
  std::vector<NamedCounter> counters;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.rfind(": ");
    const auto begin = line.find_first_not_of(" \t");
    if (colon == std::string::npos || begin == std::string::npos || begin >= colon) continue;
    const std::string value = line.substr(colon + 2);
    if (value.empty() || value.size() > 19 || value.find_first_not_of("0123456789") != std::string::npos) continue;
    counters.emplace_back(line.substr(begin, colon - begin), std::stoull(value));
  }
  return counters;
}

bool is_about_errors(const std::string& name) {
  return std::any_of(error_words.begin(), error_words.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

}  // namespace

std::uint64_t grown_ring_drops(const std::string& before, const std::string& after) {
  const auto is_of_ring = [](const std::string& name) {
    return name == "pkts rx OOB" || name == "rx_missed_errors" || name == "rx_fifo" ||
           (name.rfind("rx_queue_", 0) == 0 && name.find("xdp") == std::string::npos && name.ends_with("_drops"));
  };
  const auto sum = [&](const std::string& text) {
    std::uint64_t all = 0;
    for (const auto& [name, value] : parse_statistics(text))
      if (is_of_ring(name)) all += value;
    return all;
  };
  const std::uint64_t first = sum(before);
  return std::max(sum(after), first) - first;
}

std::vector<std::string> grown_nic_errors(const std::string& before, const std::string& after) {
  const auto first = parse_statistics(before);
  const auto last = parse_statistics(after);
  std::vector<std::string> grown;
  if (first.size() != last.size()) return grown;
  for (std::size_t i = 0; i < last.size(); ++i)
    if (first[i].first == last[i].first && last[i].second > first[i].second && is_about_errors(last[i].first))
      grown.push_back(fmt::format("{} +{}", last[i].first, last[i].second - first[i].second));
  return grown;
}

}  // namespace offlab
