// TCP sequence numbers without their wrap at 2^32.
#pragma once

#include <cstdint>

namespace offlab {

class SequenceUnwrapper {
 public:
  // Moves along with the numbers it is given.
  std::uint64_t follow(std::uint32_t number) {
    const std::uint64_t at = nearest(number);
    if (at > furthest_) furthest_ = at;
    return at;
  }

  // The one within 2^31 of the furthest that was followed.
  std::uint64_t nearest(std::uint32_t number) const {
    if (furthest_ == 0) return (std::uint64_t{1} << 32U) + number;
    const auto ahead = static_cast<std::int32_t>(number - static_cast<std::uint32_t>(furthest_));
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(furthest_) + ahead);
  }

 private:
  std::uint64_t furthest_ = 0;
};

}  // namespace offlab
