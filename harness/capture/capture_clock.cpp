#include "capture/capture_clock.h"

#include <limits>

namespace offlab {
namespace {

__extension__ using Wide = __int128;
constexpr std::uint64_t second = 1'000'000'000;

std::uint64_t power_of_ten(unsigned exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

}  // namespace

CaptureClock::CaptureClock(std::uint8_t resolution, std::int64_t offset_seconds) : offset_seconds_(offset_seconds) {
  constexpr unsigned binary = 0x80;
  const unsigned exponent = resolution & ~binary;
  if ((resolution & binary) != 0) {
    multiply_ = second;
    shift_ = exponent;
  } else if (exponent <= 9) {
    multiply_ = power_of_ten(9 - exponent);
  } else if (exponent <= 9 + 19) {
    divide_ = power_of_ten(exponent - 9);
  } else {
    multiply_ = 0;  // 2^64 ticks are less than a nanosecond
  }
}

std::optional<std::int64_t> CaptureClock::nanoseconds(std::uint64_t ticks) const {
  // At most 64 bits times 30 bits, and the same again with a sign: no overflow.
  const Wide time =
      ((Wide{divide_ == 1 ? ticks : ticks / divide_} * multiply_) >> shift_) + Wide{offset_seconds_} * second;
  if (time < std::numeric_limits<std::int64_t>::min() || time > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(time);
}

}  // namespace offlab
