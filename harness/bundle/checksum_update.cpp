#include "bundle/checksum_update.h"

#include <algorithm>

#include "capture/byte_order.h"

namespace offlab {
namespace {

std::uint32_t folded(std::uint32_t sum) {
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return sum;
}

std::uint32_t sum_of(std::span<const std::uint8_t> bytes) {
  std::uint32_t sum = 0;
  std::size_t at = 0;
  for (; at + 1 < bytes.size(); at += 2) sum += network_order.u16(bytes, at);
  if (at < bytes.size()) sum += std::uint32_t{bytes[at]} << 8U;
  return folded(sum);
}

std::uint32_t complement(std::uint32_t sum) {
  return ~sum & 0xffffU;
}

}  // namespace

void ChecksumUpdate::replace(std::span<const std::uint8_t> old_bytes, std::span<const std::uint8_t> new_bytes) {
  if (std::equal(old_bytes.begin(), old_bytes.end(), new_bytes.begin(), new_bytes.end())) return;
  difference_ = folded(difference_ + complement(sum_of(old_bytes)) + sum_of(new_bytes));
}

void ChecksumUpdate::apply(std::span<std::uint8_t> field, ChecksumField kind) const {
  const std::uint32_t old = network_order.u16(field, 0);
  const std::uint32_t fresh =
      kind == ChecksumField::finished ? complement(folded(complement(old) + difference_)) : folded(old + difference_);
  field[0] = static_cast<std::uint8_t>(fresh >> 8U);
  field[1] = static_cast<std::uint8_t>(fresh);
}

}  // namespace offlab
