// Days as text: "2026-11-29".
#pragma once

#include <string>
#include <string_view>

namespace offlab {

// Is it a day of the Gregorian calendar, in exactly this form?
bool is_day(std::string_view text);
// How many days `to` is after `from`; negative when it is before. Both are days.
int days_between(std::string_view from, std::string_view to);
// In UTC.
std::string today();

}  // namespace offlab
