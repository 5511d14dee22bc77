// HMAC-SHA256 (RFC 2104): digests that nobody can compute without the key.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace offlab {

class KeyedDigest {
 public:
  using Key = std::array<std::uint8_t, 32>;
  using Value = std::array<std::uint8_t, 32>;

  explicit KeyedDigest(const Key& key) : key_(key) {}
  Value of(std::span<const std::uint8_t> data) const;

 private:
  Key key_;
};

// From the system's random numbers. Throws Error when it has none.
KeyedDigest::Key random_key();

}  // namespace offlab
