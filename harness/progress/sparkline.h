// A series of rates as one row of characters.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace offlab {

// The last `columns` of the values, each a bar; `highest` fills it. Values above it fill it too. ASCII where `unicode`
// is false.
std::string sparkline(std::span<const double> values, double highest, std::size_t columns, bool unicode);

}  // namespace offlab
