// One case, from plan to verdict.
#pragma once

#include "model/verdict.h"
#include "plan/plan.h"
#include "record/run_folder.h"
#include "runner/lab_session.h"

namespace offlab {

// plan -> observations -> measurements -> verdict.
CaseResult run_case(const CasePlan& plan, LabSession& lab, const RunFolder& folder, const RunPlan& run);

// The second half of run_case, from the run folder alone.
CaseResult judge_recorded_case(const CasePlan& plan, const RunFolder& folder, const RunPlan& run);

}  // namespace offlab
