// The routes that nodes give lead to a router on one of their networks.
#pragma once

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

// Needs assigned addresses.
void check_routes(const PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
