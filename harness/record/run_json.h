// run.json: the verdict for programs, both ways. Schema "offlab.run/1", see docs/run-json.md.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "model/verdict.h"

namespace offlab {

std::string run_json(const RunResult& run);
// A case as it is there, not cleaned yet.
nlohmann::ordered_json case_to_json(const CaseResult& one);

// What run.json says of a run, also one of an earlier offlab: fields that it did not have yet are as in a fresh
// RunResult. Throws Error when the text is no offlab.run/1.
RunResult run_from_json(std::string_view text);

}  // namespace offlab
