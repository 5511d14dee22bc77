// From the signature of what was seen to the class of the fault. See the last table of INVARIANTS.
#pragma once

#include <vector>

#include "verdict/invariant.h"

namespace offlab {

// `findings` are the leg's. Healthy when none fails; unknown when something fails and no signature fits.
FaultClass classify(const LegEvidence& evidence, const std::vector<Finding>& findings);

}  // namespace offlab
