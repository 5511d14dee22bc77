// What a file of machines that exist may say.
#pragma once

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

// Before addresses are given out: existing machines have theirs. Their networks may have any prefix.
void check_existing(PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
