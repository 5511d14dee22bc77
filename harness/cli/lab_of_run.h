// Cases that are to be run in a lab that is up already: do its machines fit, and what must be switched first?
#pragma once

#include <string>
#include <vector>

#include "cli/staying_lab.h"
#include "record/run_folder.h"

namespace offlab {

struct LabOfRun {
  ChosenLab lab;
  std::vector<Step> before;  // from the lab's settings to those that the plan's first case takes for granted
};

// Throws UsageError that names the difference when the lab has other machines than the cases need.
LabOfRun fit_to_lab(const std::string& name, const std::vector<Case>& cases, const RunPlan& plan);

// The lab's own account of host and images, with its versions copied into the run folder as those of `lab_name`.
Environment environment_of(const LabOfRun& lab, const std::string& lab_name, const RunFolder& folder);

}  // namespace offlab
