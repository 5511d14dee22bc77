#include "base/units.h"

#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/core.h>

namespace offlab {
namespace {

struct NumberAndUnit {
  double number = 0;
  std::string unit;  // lower case, no spaces
};

std::optional<NumberAndUnit> split_number(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  NumberAndUnit result;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result.number);
  if (error != std::errc() || !(result.number >= 0) || result.number > 1e18) return std::nullopt;
  for (const char c : text.substr(static_cast<std::size_t>(end - text.data())))
    if (!std::isspace(static_cast<unsigned char>(c)))
      result.unit += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

template <std::size_t N>
std::optional<double> scaled(std::string_view text, const std::array<std::pair<std::string_view, double>, N>& units) {
  const auto split = split_number(text);
  if (!split) return std::nullopt;
  for (const auto& [unit, factor] : units)
    if (unit == split->unit) return split->number * factor;
  return std::nullopt;
}

std::string with_prefix(double value, std::string_view unit) {
  static constexpr std::array<std::string_view, 5> prefixes = {"", "k", "M", "G", "T"};
  std::size_t step = 0;
  while (value >= 999.5 && step + 1 < prefixes.size()) {
    value /= 1000;
    ++step;
  }
  const bool whole = step == 0 && value == static_cast<double>(static_cast<long>(value));
  const int decimals = value >= 99.95 || whole ? 0 : value >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}{}", value, decimals, prefixes[step], unit);
}

}  // namespace

std::optional<ByteCount> parse_byte_count(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 10> units = {{{"", 1},
                                                                                 {"b", 1},
                                                                                 {"k", 1e3},
                                                                                 {"kb", 1e3},
                                                                                 {"mb", 1e6},
                                                                                 {"gb", 1e9},
                                                                                 {"kib", 1024},
                                                                                 {"mib", 1048576},
                                                                                 {"gib", 1073741824},
                                                                                 {"m", 1e6}}};
  const auto value = scaled(text, units);
  if (!value || *value > 1e18) return std::nullopt;
  return ByteCount{static_cast<std::uint64_t>(*value)};
}

std::optional<BitRate> parse_bit_rate(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 8> units = {{{"bit", 1},
                                                                                {"kbit", 1e3},
                                                                                {"mbit", 1e6},
                                                                                {"gbit", 1e9},
                                                                                {"bit/s", 1},
                                                                                {"kbit/s", 1e3},
                                                                                {"mbit/s", 1e6},
                                                                                {"gbit/s", 1e9}}};
  const auto value = scaled(text, units);
  if (!value || *value <= 0) return std::nullopt;
  return BitRate{*value};
}

std::optional<double> parse_duration_seconds(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, double>, 6> units = {
      {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"min", 60}, {"h", 3600}}};
  return scaled(text, units);
}

std::string to_string(BitRate rate) {
  return with_prefix(rate.bits_per_second, "bit/s");
}

std::string to_string(ByteCount count) {
  return with_prefix(static_cast<double>(count.bytes), "B");
}

}  // namespace offlab
