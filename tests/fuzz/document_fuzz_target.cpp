// For libFuzzer: any text as any document that is read as a whole. The first byte says which. See ci/fuzz.sh.
#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "fuzz/damage.h"
#include "fuzz/documents.h"

namespace {

const offlab::fuzz::Document& chosen(std::uint8_t first) {
  return offlab::fuzz::documents().at(first % offlab::fuzz::documents().size());
}

std::string rest_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes) + 1, size - 1};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t limit);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  try {
    chosen(bytes[0]).read(rest_of(bytes, size));
  } catch (const offlab::Error&) {  // anything else is a finding
  }
  return 0;
}

// Damages values of the document, or begins with a good one; else as libFuzzer would.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t limit,
                                               unsigned seed) {
  offlab::fuzz::Random random(seed);
  if (size > 1 && random() % 3 == 0) return LLVMFuzzerMutate(bytes, size, limit);
  if (size < 2 || random() % 20 == 0) bytes[0] = static_cast<std::uint8_t>(random());
  const bool afresh = size < 2 || random() % 20 == 0;
  const std::string text =
      offlab::fuzz::damaged(afresh ? chosen(bytes[0]).text : rest_of(bytes, size), random).text.substr(0, limit - 1);
  std::copy(text.begin(), text.end(), bytes + 1);
  return text.size() + 1;
}
