#include "base/calendar.h"

#include <chrono>
#include <ctime>
#include <optional>

#include <fmt/chrono.h>

namespace offlab {
namespace {

constexpr std::size_t length = 10;

std::optional<std::chrono::sys_days> day_of(std::string_view text) {
  if (text.size() != length) return std::nullopt;
  for (std::size_t i = 0; i < length; ++i)
    if (i == 4 || i == 7 ? text[i] != '-' : text[i] < '0' || text[i] > '9') return std::nullopt;
  const auto number = [&](std::size_t from, std::size_t size) {
    int value = 0;
    for (const char digit : text.substr(from, size)) value = value * 10 + (digit - '0');
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return std::chrono::sys_days(day);
}

}  // namespace

bool is_day(std::string_view text) {
  return day_of(text).has_value();
}

int days_between(std::string_view from, std::string_view to) {
  return static_cast<int>((day_of(to).value() - day_of(from).value()).count());
}

std::optional<std::int64_t> seconds_of(const std::string& utc) {
  tm broken{};
  const char* end = strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &broken);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&broken);
}

std::string today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace offlab
