// The difference of two runs, for a terminal.
#pragma once

#include <string>

#include "model/run_difference.h"

namespace offlab {

std::string run_diff(const RunDifference& difference);

}  // namespace offlab
