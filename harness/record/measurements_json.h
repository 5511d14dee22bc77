// What was measured at a device as JSON, both ways. Included by the JSON sources of this folder.
#pragma once

#include "model/measurement.h"
#include "record/finding_json.h"

namespace offlab {

OrderedJson measurements_to_json(const LegMeasurements& leg);
// What the JSON has; derived numbers (amplification, shares, ratios) are computed again from these. Throws
// json::exception.
LegMeasurements measurements_from_json(const OrderedJson& object);

}  // namespace offlab
