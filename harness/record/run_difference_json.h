// The difference of two runs as JSON, schema "offlab.diff/1" (docs/run-json.md).
#pragma once

#include <string>

#include "model/run_difference.h"

namespace offlab {

std::string run_difference_json(const RunDifference& difference);

}  // namespace offlab
