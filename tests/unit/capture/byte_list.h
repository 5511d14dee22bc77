// Bytes in memory as a source that gives a few at a time.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "capture/byte_source.h"

namespace offlab {

class ByteList : public ByteSource {
 public:
  // `failure` comes behind the last byte.
  explicit ByteList(std::string bytes, std::size_t at_once = 1000, std::optional<Error> failure = {})
      : bytes_(std::move(bytes)), at_once_(at_once), failure_(std::move(failure)) {}

  std::size_t read(std::span<std::uint8_t> room) override {
    const std::size_t size = std::min({room.size(), at_once_, bytes_.size() - at_});
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), size, room.begin());
    at_ += size;
    if (size == 0 && failure_) throw Error(*failure_);
    return size;
  }

 private:
  std::string bytes_;
  std::size_t at_once_;
  std::size_t at_ = 0;
  std::optional<Error> failure_;
};

// All that it gives, asked for `at_once` bytes each time. What it throws goes to `failure`.
inline std::string all_bytes(ByteSource& source, std::string& failure, std::size_t at_once = 4096) {
  std::string bytes;
  std::vector<std::uint8_t> room(at_once);
  try {
    while (const std::size_t got = source.read(room))
      bytes.append(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(got));
  } catch (const Error& error) {
    failure = error.what();
  }
  return bytes;
}

}  // namespace offlab
