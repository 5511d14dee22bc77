// A queue that holds the transfer back, as a shaper is meant to.
#pragma once

#include <string>

#include "model/measurement.h"

namespace offlab {

// The counter of a queue whose rate the traffic fills and that dropped at least `packets`; null when there is none.
const DropCounter* filled_queue(const LegMeasurements& leg, double packets);
// "the traffic fills the rate of qdisc tbf on wan (10.0 Mbit/s)"
std::string words_about_filled(const DropCounter& queue);

}  // namespace offlab
