// Puts blocks of pcapng together, little-endian. A block is begun, appended to, and ended; it can be used again.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace offlab::pcapng {

using Block = std::vector<std::uint8_t>;

void begin_block(Block& block, std::uint32_t type);
// Fills in the lengths, once the last option has been appended.
void end_block(Block& block);

template <typename Number>
std::array<std::uint8_t, sizeof(Number)> number_bytes(Number number) {
  std::array<std::uint8_t, sizeof(Number)> bytes;
  for (std::size_t byte = 0; byte < bytes.size(); ++byte)
    bytes[byte] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(number) >> (8 * byte));
  return bytes;
}

template <typename Number>
void append_number(Block& block, Number number) {
  const auto bytes = number_bytes(number);
  block.insert(block.end(), bytes.begin(), bytes.end());
}

void append_padded(Block& block, std::span<const std::uint8_t> bytes);
// The higher half comes first, whatever the byte order.
void append_time(Block& block, std::int64_t time_ns);

void append_option(Block& block, std::uint16_t code, std::span<const std::uint8_t> value);
// The text is cleaned (base/clean_text.h), and cut when it is longer than an option can be.
void append_option(Block& block, std::uint16_t code, std::string_view text);
template <typename Number>
void append_number_option(Block& block, std::uint16_t code, Number number) {
  append_option(block, code, number_bytes(number));
}
void append_end_of_options(Block& block);

}  // namespace offlab::pcapng
