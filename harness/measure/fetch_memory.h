// Memory that will be needed soon is asked for ahead, so that it is in the caches by then. A hint: it changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>

namespace offlab {

// Every line that the `bytes` from `object` on touch.
inline void fetch_memory(const void* object, std::size_t bytes) {
  constexpr std::uintptr_t line = 64;
  const auto begin = reinterpret_cast<std::uintptr_t>(object);
  for (std::uintptr_t at = begin / line * line; at < begin + bytes; at += line)
    __builtin_prefetch(reinterpret_cast<const void*>(at));  // NOLINT(performance-no-int-to-ptr): never read
}

}  // namespace offlab
