// A whole run: every lab, every case.
#pragma once

#include <functional>
#include <optional>

#include "model/verdict.h"
#include "plan/plan.h"
#include "plan/time_estimate.h"
#include "record/run_folder.h"
#include "runner/lab_session.h"

namespace offlab {

using CaseListener = std::function<void(const CaseResult&)>;

// A case is begun only while what is left of the time is what it may take.
struct Budget {
  double seconds = 0;
  std::function<double()> spent;  // seconds, so far
  TimeEstimate needed;
};

struct RunPolicy {
  unsigned retries = 0;  // how often a case is tried again, in a fresh lab, when its lab broke in it
  std::optional<Budget> budget = {};
  std::optional<Outcome> until = {};  // the run ends with the first case of this outcome; the rest is left out
  bool resume = false;                // the folder has what an earlier process recorded: that is judged, not run again
};

// Goes through the labs in order and tells each result as it comes. A lab that breaks takes only the case it broke in
// with it; the cases left get a fresh one, unless it never came up. They also do when something is off in it; the case
// that found it so is tried again, once. Every attempt stays in the run folder. When a stop
// is asked for, the cases that were not judged were not tried ("interrupted") and `interrupted` is set. A run that is
// resumed tries again what had not ended; what broke, while the policy has attempts for it.
RunResult run_matrix(const RunPlan& plan, LabStarter& labs, const RunFolder& folder, const RunPolicy& policy,
                     const CaseListener& on_result, bool& interrupted);

// What a resumed run would try. Empty: the run is complete.
std::vector<std::string> unfinished_cases(const RunPlan& plan, const RunFolder& folder, unsigned retries);

// The same result from the run folder alone.
RunResult judge_run(const RunPlan& plan, const RunFolder& folder);

}  // namespace offlab
