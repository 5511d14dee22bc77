// A run in KTAP version 1, the kernel's Test Anything Protocol: https://docs.kernel.org/dev-tools/ktap.html. It is
// valid TAP as well.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// One result line a case, with what was found as diagnostic lines before it. Inconclusive and broken cases are "not ok"
// (the first diagnostic line says which), skipped ones "ok ... # SKIP REASON".
std::string ktap(const RunResult& run);

}  // namespace offlab
