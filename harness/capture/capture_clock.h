// The times of a capture file: ticks of a resolution that the file names.
#pragma once

#include <cstdint>
#include <optional>

namespace offlab {

class CaptureClock {
 public:
  // `resolution` as in the option if_tsresol of pcapng: 10^-n s, with the highest bit 2^-n s. `offset_seconds` is
  // added.
  explicit CaptureClock(std::uint8_t resolution = 6, std::int64_t offset_seconds = 0);

  // Since the epoch; nothing when a 64-bit number cannot hold it.
  std::optional<std::int64_t> nanoseconds(std::uint64_t ticks) const;

 private:
  std::uint64_t divide_ = 1;
  std::uint64_t multiply_ = 1;
  unsigned shift_ = 0;
  std::int64_t offset_seconds_;
};

}  // namespace offlab
