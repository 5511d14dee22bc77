// Lines at the bottom of a terminal that are drawn again in their place.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace offlab {

// What a terminal is sent so that `lines` stand where `shown` stand, of which the cursor is behind the last. Both are
// clean; nothing is left of `shown` where there are fewer lines, or none. `columns`: how wide the terminal is now,
// which has broken lines of `shown` that were drawn when it was wider.
std::string redrawn(const std::vector<std::string>& shown, const std::vector<std::string>& lines, std::size_t columns);

}  // namespace offlab
