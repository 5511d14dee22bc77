// For libFuzzer targets whose input is a text behind a byte that chooses what it stands for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "fuzz/damage.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t limit);

namespace offlab::fuzz {

inline std::string text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes) + 1, size - 1};
}

// LLVMFuzzerCustomMutator: damages the text, or begins with a good one (`good`, by the first byte); else as libFuzzer
// would.
inline std::size_t mutate_text(std::uint8_t* bytes, std::size_t size, std::size_t limit, unsigned seed,
                               const std::function<std::string(std::uint8_t first)>& good) {
  Random random(seed);
  if (size > 1 && random() % 3 == 0) return LLVMFuzzerMutate(bytes, size, limit);
  if (size < 2 || random() % 20 == 0) bytes[0] = static_cast<std::uint8_t>(random());
  const bool afresh = size < 2 || random() % 20 == 0;
  const std::string text = damaged(afresh ? good(bytes[0]) : text_of(bytes, size), random).text.substr(0, limit - 1);
  std::copy(text.begin(), text.end(), bytes + 1);
  return text.size() + 1;
}

}  // namespace offlab::fuzz
