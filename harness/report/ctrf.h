// A run in CTRF, the Common Test Report Format: https://ctrf.io.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// Inconclusive and broken cases have the status "other"; rawStatus is offlab's outcome.
std::string ctrf_json(const RunResult& run);

}  // namespace offlab
