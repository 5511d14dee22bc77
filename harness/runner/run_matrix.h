// A whole run: every lab, every case.
#pragma once

#include <string>
#include <vector>

#include "model/verdict.h"
#include "plan/plan.h"
#include "record/run_folder.h"
#include "runner/lab_run.h"

namespace offlab {

// Goes through the labs in order and tells each result as it comes. A lab that breaks takes only the case it broke in
// with it; the cases left get a fresh one, unless it never came up. They also do when something is off in it; the case
// that found it so is tried again, once. Every attempt stays in the run folder. When a stop
// is asked for, the cases that were not judged were not tried ("interrupted") and `interrupted` is set. A run that is
// resumed tries again what had not ended; what broke, while the policy has attempts for it. `labs`: at least one, each
// of which has a lab of its own at the same time. A place that is lost gives back its cases, and the attempt at the one
// that it was at stays in the run folder; results are told one at a time.
RunResult run_matrix(const RunPlan& plan, const std::vector<LabStarter*>& labs, const RunFolder& folder,
                     const RunPolicy& policy, const CaseListener& on_result, bool& interrupted);

// From the results of all cases, in whatever order.
RunResult run_result_of(const RunPlan& plan, const RunFolder& folder, std::vector<CaseResult> results);

// What a resumed run would try. Empty: the run is complete.
std::vector<std::string> unfinished_cases(const RunPlan& plan, const RunFolder& folder, unsigned retries);

// The same result from the run folder alone.
RunResult judge_run(const RunPlan& plan, const RunFolder& folder);

}  // namespace offlab
