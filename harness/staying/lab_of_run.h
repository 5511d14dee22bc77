// Cases that are to be run in a lab that is up already: do its machines fit, and what must be switched first?
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/scenario.h"
#include "session/run_session.h"

namespace offlab {

// The lab of that name, switched to what the first case takes for granted. Throws UsageError that names the difference
// when the lab has other machines than the cases need; plans that its networks cannot carry are not accepted.
std::unique_ptr<RunPlaceFinder> running_lab(const std::string& name, const std::vector<Case>& cases);

}  // namespace offlab
