// What a file may leave out because it follows from the rest: roles, and the prefixes of bridged networks.
#pragma once

#include "config/mistakes.h"
#include "config/placed_topology.h"

namespace offlab {

// A node without a role is a router when it lies between the ends of a flow, a server where a flow starts, and a client
// otherwise.
void resolve_roles(PlacedTopology& placed);

// Networks that bridges join are one segment and share its prefixes. A network whose segment has none is a mistake.
// Who connects in each flow: as the file says, otherwise the client. After resolve_roles.
void resolve_initiators(PlacedTopology& placed, Mistakes& mistakes);
// What a network's trunk says of its interfaces: their NIC and their tag.
void resolve_trunks(PlacedTopology& placed, Mistakes& mistakes);
void complete_prefixes(PlacedTopology& placed, Mistakes& mistakes);

}  // namespace offlab
