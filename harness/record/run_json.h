// run.json: the verdict for programs. Schema "offlab.run/1", see docs/run-json.md.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

std::string run_json(const RunResult& run);

}  // namespace offlab
