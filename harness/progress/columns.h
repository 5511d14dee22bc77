// How much room text takes on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace offlab {

// Columns of a clean line (base/clean_text.h); never too few.
std::size_t columns_of(std::string_view line);

// Its beginning that has room in so many columns; what is cut ends in "..", where that has room.
std::string cut_to_columns(std::string_view line, std::size_t columns);

}  // namespace offlab
