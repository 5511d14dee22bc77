// What captures of somebody else's network prove. A violation counts against the router only where the captures show
// that it was the router: networks lose packets, receivers close their windows, senders pause. Pure.
#pragma once

#include <vector>

#include "model/capture_signs.h"
#include "verdict/invariant.h"

namespace offlab {

// The findings, each as far as it is proven: a violation without proof becomes inconclusive, or a warning where the
// captures show that it was not the router; what seems to hold becomes inconclusive where the captures cannot show it.
std::vector<Finding> as_far_as_proven(std::vector<Finding> findings, const LegEvidence& evidence,
                                      const CaptureSigns& signs);

}  // namespace offlab
