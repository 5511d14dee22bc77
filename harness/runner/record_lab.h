// The worker's side: starts a lab and records its cases into the run folder.
#pragma once

#include "lab/lab.h"
#include "record/run_folder.h"

namespace offlab {

// Goes through the cases in order. A case that asks for what a guest cannot do is recorded as skipped. When a case
// breaks it is recorded as an error and the lab ends there: what comes after it deserves a fresh one. Throws Error
// then.
void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer);
// The same in a lab that runs.
void record_cases(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer);

}  // namespace offlab
