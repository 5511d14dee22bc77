// The worker's side: starts a lab and records its cases into the run folder.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lab/lab.h"
#include "record/run_folder.h"

namespace offlab {

// Goes through the cases in order. A case that asks for what a guest cannot do is recorded as skipped. When a case
// breaks it is recorded as an error and the lab ends there: what comes after it deserves a fresh one. Throws Error
// then. The same after a case that left something behind, or that found something off (measure/lab_wear), without an
// error.
void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer);
// The same, but only the cases that are asked for, until there is no next one. Throws Error for an id that is not in
// the plan.
using NextCase = std::function<std::optional<std::string>()>;  // waits; an id, or nothing: that was all
void record_lab(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer, const NextCase& next);
// All of them, in a lab that runs.
void record_cases(Lab& lab, const LabPlan& plan, const RunFolder& folder, Observer& observer);

}  // namespace offlab
