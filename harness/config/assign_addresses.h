// Gives every interface an address of each family that its network has.
#pragma once

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

// Host indexes count from 1 in each prefix, routers first, then the other nodes, each in file order; addresses that
// nodes chose stay and are skipped. A prefix without room for all is a mistake.
void assign_addresses(PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
