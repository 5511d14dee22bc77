// One case of a run with all that its folder has of it, as a bundle needs it.
#pragma once

#include <filesystem>
#include <string>

#include "plan/plan.h"
#include "record/run_folder.h"
#include "runner/analyze_captures.h"

namespace offlab {

struct RecordedCase {
  RunFolder folder;
  RunPlan plan;
  RunResult run;
  CaseResult result;
  const LabPlan* lab = nullptr;
  CasePlan planned;  // the attempt that was judged
  unsigned round = 1;
};

// `id` empty: the first case that shows a fault. Throws UsageError for a folder that has no such case, or in which
// nothing was judged, and Error.
RecordedCase recorded_case_of(const std::filesystem::path& run, const std::string& id);

// Throws Error when the plan has none.
const LegPlan& leg_of(const CasePlan& one, LegRole role, unsigned round);

// The hop of that device; without one of this name, the first.
const HopIntent& hop_of(const LegIntent& intent, const std::string& device);

// The captures of the leg that was judged, before the device at fault and behind it.
ForeignEvidence evidence_of(const RecordedCase& one, const LegIntent& intent, const HopIntent& hop,
                            const LegObservation& seen);
AssumedRouter assumed_router(const CaseResult& result, const HopIntent& hop);

}  // namespace offlab
