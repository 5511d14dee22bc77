// Which layer a fault is in, by its class and by what was measured.
#pragma once

#include <optional>

#include "model/fault_class.h"
#include "model/fault_layer.h"
#include "model/measurement.h"

namespace offlab {

// Nothing where the class names no layer. `leg`: what was measured at the device at fault; null: nothing was.
std::optional<FaultLayer> layer_of(FaultClass fault, const LegMeasurements* leg);

}  // namespace offlab
