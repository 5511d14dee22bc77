// For libFuzzer: any text in place of one that a guest printed. The first byte says which. See ci/fuzz.sh.
#include <algorithm>
#include <cstdint>

#include "fuzz/damage.h"
#include "fuzz/guest_output.h"

namespace {

const offlab::RecordedLeg& original() {
  static const offlab::RecordedLeg leg = offlab::fuzz::guest_leg();
  return leg;
}

std::string& chosen(offlab::RecordedLeg& leg, std::uint8_t first) {
  const auto texts = offlab::fuzz::guest_texts(leg);
  return *texts.at(first % texts.size()).text;
}

std::string rest_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes) + 1, size - 1};
}

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* bytes, std::size_t size, std::size_t limit);

// Nothing that a guest prints makes an error of the measurement.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  offlab::RecordedLeg leg = original();
  chosen(leg, bytes[0]) = rest_of(bytes, size);
  offlab::fuzz::measure_guest_output(leg);
  return 0;
}

// Damages the text, or begins with a good one; else as libFuzzer would.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* bytes, std::size_t size, std::size_t limit,
                                               unsigned seed) {
  offlab::fuzz::Random random(seed);
  if (size > 1 && random() % 3 == 0) return LLVMFuzzerMutate(bytes, size, limit);
  if (size < 2 || random() % 20 == 0) bytes[0] = static_cast<std::uint8_t>(random());
  offlab::RecordedLeg leg = original();
  const bool afresh = size < 2 || random() % 20 == 0;
  const std::string text =
      offlab::fuzz::damaged(afresh ? chosen(leg, bytes[0]) : rest_of(bytes, size), random).text.substr(0, limit - 1);
  std::copy(text.begin(), text.end(), bytes + 1);
  return text.size() + 1;
}
