// What a person reads on the terminal. Pure text; whoever prints it decides about the terminal.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// One case: the answer to the run's question on one line, then what led to it: violated invariants, warnings, evidence
// frames. A fault that was expected is told in one line, unless `verbose`.
std::string console_case(const CaseResult& one, Question question, bool verbose);
// The end of a run: a table of all cases, the outcome, where the evidence lies.
// The line below a summary: the folder, and how what was recorded in it is judged again. Empty where there is no
// folder.
std::string where_evidence_is(const std::string& folder, const std::vector<CaseResult>& cases);

std::string console_summary(const RunResult& run, const std::string& folder);

}  // namespace offlab
