// What libvirt gives away is malloc's.
#pragma once

#include <cstdlib>

namespace offlab {

// For Handle.
inline void free_of_libvirt(void* memory) {
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc): libvirt says so of each function
}

}  // namespace offlab
