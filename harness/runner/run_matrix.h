// A whole run: every lab, every case.
#pragma once

#include <functional>

#include "model/verdict.h"
#include "plan/plan.h"
#include "record/run_folder.h"
#include "runner/lab_session.h"

namespace offlab {

using CaseListener = std::function<void(const CaseResult&)>;

struct RunPolicy {
  unsigned retries = 0;  // how often a case is tried again, in a fresh lab, when its lab broke in it
};

// Goes through the labs in order and tells each result as it comes. A lab that breaks takes only the case it broke in
// with it; the cases left get a fresh one, unless it never came up. Every attempt stays in the run folder. When a stop
// is asked for, the cases that were not judged were not tried ("interrupted") and `interrupted` is set.
RunResult run_matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy,
                     const CaseListener& on_result, bool& interrupted);

// The same result from the run folder alone.
RunResult judge_run(const RunPlan& plan, const RunFolder& folder);

}  // namespace offlab
