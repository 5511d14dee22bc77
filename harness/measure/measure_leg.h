// Observations of a leg -> measurements. Pure: the same observations give the same numbers.
#pragma once

#include <cstddef>

#include "model/frame.h"
#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"

namespace offlab {

// The captures of one device under test; null when there is none.
struct HopCaptures {
  FrameSource* ingress = nullptr;
  FrameSource* egress = nullptr;
  FrameSource* wire = nullptr;
  FrameSource* returned = nullptr;
};

// What the leg says at the `index`-th device under test. What cannot be measured stays absent and is named in
// `missing`.
LegMeasurements measure_leg(const LegIntent& intent, std::size_t index, const LegObservation& seen,
                            const HopCaptures& captures);

}  // namespace offlab
