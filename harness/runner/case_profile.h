// A case's profile, from the run folder: made beside the verdict, and kept there as CASE/profile.json.
#pragma once

#include "model/case_profile.h"
#include "model/verdict.h"
#include "plan/plan.h"
#include "record/run_folder.h"

namespace offlab {

// From the recording of the legs that `result` was judged by; `first` is the case's first attempt. Empty where the case
// was not recorded. Throws Error for files that are damaged.
CaseProfile profile_case(const CaseResult& result, const LabPlan& lab, const CasePlan& first, const RunFolder& folder);

// Makes the profile of a case that was recorded, and keeps it in `folder`. A case whose files are damaged has none, nor
// has one for which there is no space: the verdict does not need it.
void keep_profile(const CaseResult& result, const RunPlan& plan, const RunFolder& recorded, const RunFolder& folder);

// The one that is kept in `case_folder`, relative to the folder. Empty where there is none, or a damaged one.
CaseProfile kept_profile(const RunFolder& folder, const std::string& case_folder);

}  // namespace offlab
