// A run between machines that exist: nothing is built.
#pragma once

#include <memory>

#include "session/run_session.h"

namespace offlab {

std::unique_ptr<RunPlaceFinder> existing_machines();

// What the plan would change on existing machines, one line each: "router: ethtool -K ens192 lro off". Empty: it only
// looks and sends.
std::vector<std::string> changes_on_existing(const RunPlan& plan);

}  // namespace offlab
