// What a capture cannot tell because of the side of the NIC that it was made on.
#pragma once

#include "verdict/invariant.h"

namespace offlab {

// The finding; inconclusive, with the reason, where it rests on what the capture points of the device do not show.
Finding as_far_as_captured(const LegEvidence& evidence, Finding finding);

}  // namespace offlab
