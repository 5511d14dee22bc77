// Where the results of judging a recorded run go: into a folder that the caller named, or else into the judged one if
// it is the caller's own. One of somebody else's is left as it is, and the terminal says so.
#pragma once

#include <optional>

#include "cli/terminal.h"
#include "model/verdict.h"
#include "record/run_folder.h"

namespace offlab {

// run.json, junit.xml and report.html. `kind`: as write_reports has it.
void keep_reports(const RunResult& run, const RunFolder& judged, const std::optional<RunFolder>& named,
                  Terminal& terminal, const std::string& kind = "run");
// The same, and what was found as comments in the captures where it goes into the judged folder.
void keep_results(const RunResult& run, const RunPlan& plan, const RunFolder& judged,
                  const std::optional<RunFolder>& named, Terminal& terminal);

}  // namespace offlab
