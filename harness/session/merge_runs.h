// Runs of the same file on several machines, as one run.
#pragma once

#include <string>
#include <vector>

#include "record/run_folder.h"

namespace offlab {

// Puts what the runs planned and recorded together into an empty folder, where it can be judged like any run; the runs
// stay as they are. Files are linked where that is possible, copied elsewhere. Throws UsageError where a run is no run
// folder, asks another question, measures in another way, or has a case that another one has.
void merge_runs(const std::vector<std::string>& runs, const RunFolder& into);

}  // namespace offlab
