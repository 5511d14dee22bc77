// Observations of a leg -> measurements. Pure: the same observations give the same numbers.
#pragma once

#include "model/frame.h"
#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"

namespace offlab {

// `ingress` and `egress` are the captures of the router's two taps; null when there is none. What cannot be measured
// stays absent and is named in `missing`.
LegMeasurements measure_leg(const LegIntent& intent, const LegObservation& seen, FrameSource* ingress,
                            FrameSource* egress);

}  // namespace offlab
