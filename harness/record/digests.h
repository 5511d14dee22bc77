// What was asked, as a number: two results with the same digest are answers to the same question.
#pragma once

#include "plan/plan.h"

namespace offlab {

// The plan with the digests of its cases and its own: SHA-256 of the machines, steps, limits and durations, in the form
// of this version's plan.json. Names of cases, labs and folders, and what the file expects, do not count. The program
// that measured is told apart by its version (base/version.h).
RunPlan with_digests(RunPlan plan);

}  // namespace offlab
