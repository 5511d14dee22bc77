#include "setting/shaping_text.h"

#include <cctype>
#include <cstdlib>
#include <string>

namespace offlab {

std::optional<double> parse_share(std::string_view text) {
  const bool percent = !text.empty() && text.back() == '%';
  const std::string number(percent ? text.substr(0, text.size() - 1) : text);
  if (number.empty() || number.find_first_not_of("0123456789.") != std::string::npos) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end) / (percent ? 100 : 1);
  if (*end != '\0' || value > 1) return std::nullopt;
  return value;
}

std::optional<BitRate> parse_rate(std::string_view text) {
  const auto rate = parse_bit_rate(text);
  if (!rate || rate->bits_per_second < 8e3 || rate->bits_per_second > 100e9) return std::nullopt;
  return rate;
}

std::optional<double> parse_delay(std::string_view text) {
  constexpr double longest_seconds = 10;
  const auto delay = parse_duration_seconds(text);
  const bool has_unit = !text.empty() && std::isalpha(static_cast<unsigned char>(text.back())) != 0;
  if (!delay || *delay > longest_seconds || (!has_unit && *delay > 0)) return std::nullopt;
  return delay;
}

std::optional<double> parse_loss(std::string_view text) {
  const auto loss = parse_share(text);
  if (!loss || (text.back() != '%' && *loss > 0)) return std::nullopt;
  return loss;
}

std::optional<ByteCount> parse_queue(std::string_view text) {
  const auto size = parse_byte_count(text);
  if (!size || size->bytes < 70'000 || size->bytes > 100'000'000) return std::nullopt;
  return size;
}

}  // namespace offlab
