// For libFuzzer: any bytes at all as a capture. See ci/fuzz.sh.
#include <cstdint>

#include "fuzz/read_capture.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  offlab::read_capture({bytes, size});
  return 0;
}
