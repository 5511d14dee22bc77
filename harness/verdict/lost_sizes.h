#pragma once

#include <string>
#include <vector>

#include "model/measurement.h"

namespace offlab {

// Where most was lost, at most three sizes: "12 of 12 coalesced frames, 3 of 40 packets up to 1536 B"; empty when
// nothing was.
std::string sizes_of_lost(const std::vector<Passage>& passages);

}  // namespace offlab
