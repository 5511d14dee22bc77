// Counters of the ends and of a device under test, before and after.
#pragma once

#include <map>
#include <string>

#include "measure/counters.h"
#include "model/leg.h"
#include "model/measurement.h"

namespace offlab {

using NodeCounters = std::map<std::string, Counters>;  // by node, as the intent names them

// Fills in how much each counter that the verdict knows grew at `hop`, the flow's sender and its receiver. What is
// missing in either reading, or went back (a wrapped counter, a restarted machine), stays absent and is named in
// `leg.missing`.
void read_counters(const LegIntent& intent, const HopIntent& hop, const NodeCounters& before, const NodeCounters& after,
                   LegMeasurements& leg);

}  // namespace offlab
