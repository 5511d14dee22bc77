// Quantities with their unit in the type. Parsed once, from the words of the topology file.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlab {

// Layer-3 bytes of the largest packet on a link.
struct Mtu {
  std::uint32_t bytes = 1500;
  auto operator<=>(const Mtu&) const = default;
};

struct ByteCount {
  std::uint64_t bytes = 0;
  auto operator<=>(const ByteCount&) const = default;
};

struct BitRate {
  double bits_per_second = 0;
  auto operator<=>(const BitRate&) const = default;
};

// "64MB", "512 KiB", "1000": decimal and binary prefixes; nothing when the text is not a size.
std::optional<ByteCount> parse_byte_count(std::string_view text);
// "1gbit", "100mbit", "2.5 Gbit/s": tc's words; nothing when the text is not a rate.
std::optional<BitRate> parse_bit_rate(std::string_view text);
// "3s", "500ms", "3", "2m": seconds; nothing when the text is not a duration.
std::optional<double> parse_duration_seconds(std::string_view text);

// "1.9 Mbit/s", three significant digits.
std::string to_string(BitRate rate);
// "7.2 kB", "64 MB".
std::string to_string(ByteCount count);

}  // namespace offlab
