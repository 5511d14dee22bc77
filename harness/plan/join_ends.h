// The ends of a flow, joined without what stands between them.
#pragma once

#include "model/leg.h"
#include "model/topology.h"
#include "plan/leg_intent.h"
#include "plan/step.h"

namespace offlab {

// `intent`: of the leg. The ends keep their addresses; what one sends to the other leaves by its NIC, untagged, for the
// other's MAC address.
step::JoinEnds join_ends(const IntentMaker& intents, const Topology& topology, const LegIntent& intent);

}  // namespace offlab
