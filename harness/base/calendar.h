// Days and moments as text: "2026-11-29", "2026-11-29T17:05:56Z".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlab {

// Is it a day of the Gregorian calendar, in exactly this form?
bool is_day(std::string_view text);
// How many days `to` is after `from`; negative when it is before. Both are days.
int days_between(std::string_view from, std::string_view to);
// In UTC.
std::string today();
// Since the epoch, of "2026-11-29T17:05:56Z". Nothing where the text is no such moment.
std::optional<std::int64_t> seconds_of(const std::string& utc);

}  // namespace offlab
