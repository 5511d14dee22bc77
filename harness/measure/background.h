// What the load beside a transfer told of itself.
#pragma once

#include <string>

#include "model/measurement.h"
#include "model/observation.h"
#include "model/topology.h"

namespace offlab {

// Of the load beside `flow`. Nothing when its report is not there, or when it ended before it was told to; `missing`
// says why then.
std::optional<BackgroundMeasurement> measure_background(const Flow& flow, const BackgroundOutput& output,
                                                        std::string& missing);

}  // namespace offlab
