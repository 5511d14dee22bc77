// Numbers as people say them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/core.h>

namespace offlab {

// "1500", or "2948..7292"
inline std::string range_words(std::uint64_t low, std::uint64_t high) {
  return low == high ? fmt::format("{}", high) : fmt::format("{}..{}", low, high);
}

// "once", or "6 times"
inline std::string times_words(std::uint64_t number) {
  return number == 1 ? "once" : fmt::format("{} times", number);
}

// "1 frame", or "6 frames"
inline std::string count_of(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace offlab
