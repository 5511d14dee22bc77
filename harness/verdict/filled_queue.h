// A queue that holds the transfer back, as a shaper is meant to.
#pragma once

#include "model/measurement.h"

namespace offlab {

// The counter of a queue whose rate the transfer fills and that dropped at least `packets`; null when there is none.
const DropCounter* filled_queue(const LegMeasurements& leg, double packets);

}  // namespace offlab
