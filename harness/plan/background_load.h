// The load beside a flow, as commands for its ends.
#pragma once

#include "model/scenario.h"
#include "plan/step.h"

namespace offlab {

// Expects a flow with a background sender, for which find_flow_problem found nothing. `connect` is what the flow's
// initiator connects to for the transfer. The load ends by itself some time after the transfer of `measure` should
// have.
step::StartBackground start_of_background(const Topology& topology, const Flow& flow, const Endpoint& connect,
                                          const MeasureOptions& measure);

}  // namespace offlab
