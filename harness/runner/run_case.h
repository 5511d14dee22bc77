// One case, from plan to verdict.
#pragma once

#include <functional>

#include "model/verdict.h"
#include "plan/plan.h"
#include "record/run_folder.h"
#include "runner/lab_session.h"

namespace offlab {

// plan -> observations -> measurements -> verdict. `attempt`: at the case, from 1; `of`: which lab it is; `recorded` is
// called between observations and measurements, when the lab is free.
CaseResult run_case(
    const CasePlan& plan, unsigned attempt, LabSession& lab, const LabAttempt& of, const RunFolder& folder,
    const RunPlan& run, const std::function<void()>& recorded = [] {});

// What a recorded leg has shown, at each device under test in the direction of the data. Throws Error for files that
// are damaged.
std::vector<LegMeasurements> measure_recorded_leg(const CasePlan& plan, const LegPlan& leg, const RunFolder& folder);

// The second half of run_case, from the run folder alone. Of a case that was tried several times the last attempt is
// judged; `plan` is the first.
CaseResult judge_recorded_case(const CasePlan& plan, const RunFolder& folder, const RunPlan& run);

}  // namespace offlab
