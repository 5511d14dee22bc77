// Words that may become a part of a path.
#pragma once

#include <string_view>

namespace offlab {

inline constexpr std::size_t max_file_name = 100;

// Letters, digits, '_', '.' and '-', not "." or "..", at most max_file_name characters.
bool is_file_name(std::string_view word);

}  // namespace offlab
