// What a person reads on the terminal. Pure text; whoever prints it decides about the terminal.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// One case: the verdict on one line, then what led to it: violated invariants, warnings, evidence frames.
std::string console_case(const CaseResult& one, bool verbose);
// The end of a run: a table of all cases, the outcome, where the evidence lies.
std::string console_summary(const RunResult& run, const std::string& folder);

}  // namespace offlab
