// Numbers in a file of either byte order.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace offlab {

struct ByteOrder {
  std::endian order = std::endian::little;

  // The caller has checked that the bytes are there.
  std::uint16_t u16(std::span<const std::uint8_t> bytes, std::size_t at) const {
    const auto number = load<std::uint16_t>(bytes, at);
    return order == std::endian::native ? number : __builtin_bswap16(number);
  }
  std::uint32_t u32(std::span<const std::uint8_t> bytes, std::size_t at) const {
    const auto number = load<std::uint32_t>(bytes, at);
    return order == std::endian::native ? number : __builtin_bswap32(number);
  }
  std::uint64_t u64(std::span<const std::uint8_t> bytes, std::size_t at) const {
    const auto number = load<std::uint64_t>(bytes, at);
    return order == std::endian::native ? number : __builtin_bswap64(number);
  }

 private:
  template <typename Number>
  static Number load(std::span<const std::uint8_t> bytes, std::size_t at) {
    Number number;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
  }
};

// Of packet headers.
inline constexpr ByteOrder network_order{std::endian::big};

}  // namespace offlab
