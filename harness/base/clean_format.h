// Lines with text that is not ours in them: reports, tables, messages.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include "base/clean_text.h"

namespace offlab {

template <typename Value>
auto clean_argument(const Value& value) {
  if constexpr (std::is_convertible_v<const Value&, std::string_view>)
    return clean_line(value);
  else
    return value;
}

// fmt::format whose text arguments are each cleaned as a line: none of them begins a line, or hides what stands behind
// it.
template <typename... Values>
std::string clean_format(fmt::format_string<decltype(clean_argument(std::declval<const Values&>()))...> format,
                         const Values&... values) {
  return fmt::format(format, clean_argument(values)...);
}

// The same on a stream.
template <typename... Values>
void clean_print(std::FILE* stream,
                 fmt::format_string<decltype(clean_argument(std::declval<const Values&>()))...> format,
                 const Values&... values) {
  fmt::print(stream, "{}", clean_format(format, values...));
}

}  // namespace offlab
