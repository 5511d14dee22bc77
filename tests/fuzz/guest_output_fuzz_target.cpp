// For libFuzzer: any text in place of one that a guest printed. The first byte says which. See ci/fuzz.sh.
#include <cstdint>

#include "fuzz/guest_output.h"
#include "fuzz/text_mutator.h"

namespace {

const offlab::RecordedLeg& original() {
  static const offlab::RecordedLeg leg = offlab::fuzz::guest_leg();
  return leg;
}

std::string& chosen(offlab::RecordedLeg& leg, std::uint8_t first) {
  const auto texts = offlab::fuzz::guest_texts(leg);
  return *texts.at(first % texts.size()).text;
}

}  // namespace

// Nothing that a guest prints makes an error of the measurement.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  offlab::RecordedLeg leg = original();
  chosen(leg, bytes[0]) = offlab::fuzz::text_of(bytes, size);
  offlab::fuzz::measure_guest_output(leg);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t limit,
                                               unsigned seed) {
  offlab::RecordedLeg leg = original();
  return offlab::fuzz::mutate_text(bytes, size, limit, seed, [&](std::uint8_t first) { return chosen(leg, first); });
}
