// For libFuzzer: any text as any document that is read as a whole. The first byte says which. See ci/fuzz.sh.
#include <cstdint>

#include "base/error.h"
#include "fuzz/documents.h"
#include "fuzz/text_mutator.h"

namespace {

const offlab::fuzz::Document& chosen(std::uint8_t first) {
  return offlab::fuzz::documents().at(first % offlab::fuzz::documents().size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  try {
    chosen(bytes[0]).read(offlab::fuzz::text_of(bytes, size));
  } catch (const offlab::Error&) {  // anything else is a finding
  }
  return 0;
}

// Damages values of the document.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t limit,
                                               unsigned seed) {
  return offlab::fuzz::mutate_text(bytes, size, limit, seed, [](std::uint8_t first) { return chosen(first).text; });
}
