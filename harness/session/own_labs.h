// Labs of a run's own: each a worker process, started for the run's cases.
#pragma once

#include <memory>
#include <string>

#include "session/run_session.h"

namespace offlab {

// `cold`: boots every guest, uses and saves no state. `side_by_side`: all labs of the plan are up at the same time.
// Throws UsageError for an accelerator that does not exist; plans
// with an image that does not exist are not accepted.
std::unique_ptr<RunPlaceFinder> own_labs(const std::string& accelerator, bool cold, bool side_by_side = false);

}  // namespace offlab
