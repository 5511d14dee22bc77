// The fixed-byte transfer as it was recorded -> whether both ends have the same bytes.
#pragma once

#include "model/measurement.h"
#include "model/observation.h"

namespace offlab {

StreamMeasurement measure_stream(const StreamOutput& seen);

}  // namespace offlab
