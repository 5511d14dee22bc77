// How a ones' complement checksum (RFC 1071) follows its data without being computed anew: what was right stays right,
// what was wrong stays wrong (RFC 1624, equation 3).
#pragma once

#include <cstdint>
#include <span>

namespace offlab {

enum class ChecksumField : std::uint8_t {
  finished,     // as on the wire
  pseudo_only,  // the sum of the pseudo header; a NIC is to do the rest, and the complement
};

class ChecksumUpdate {
 public:
  // A stretch of data, at an even place of what is summed, that had other bytes. Of the same length; not the field.
  void replace(std::span<const std::uint8_t> old_bytes, std::span<const std::uint8_t> new_bytes);
  // Changes the two bytes at the front of `field`.
  void apply(std::span<std::uint8_t> field, ChecksumField kind = ChecksumField::finished) const;

 private:
  std::uint32_t difference_ = 0;
};

}  // namespace offlab
