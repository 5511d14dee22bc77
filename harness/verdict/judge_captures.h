// The verdict on captures that were made elsewhere: there is no control, and often nothing beside the captures. Pure.
#pragma once

#include <string>
#include <vector>

#include "model/capture_signs.h"
#include "verdict/invariant.h"

namespace offlab {

struct CaptureVerdict {
  std::vector<Finding> findings;
  std::vector<Invariant> not_judged;  // for want of a control
  Outcome outcome = Outcome::inconclusive;
  std::vector<FaultClass> classes;  // several: the captures cannot tell which; none: nothing was judged
  std::string undecided;            // what would tell, or why nothing was judged; empty where neither is open
};

// `evidence` has no control. Its `leg.ingress_lro` is absent where nobody knows it.
CaptureVerdict judge_captures(const LegEvidence& evidence, const CaptureSigns& signs);

}  // namespace offlab
