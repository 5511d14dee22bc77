// What cannot be told because of what the lab shows, and where its frames were captured.
#pragma once

#include "verdict/invariant.h"

namespace offlab {

// The finding; inconclusive where it rests on what the device's capture points do not show, and with the reason where
// the lab does not show what it would take.
Finding as_far_as_observed(const InvariantRow& row, const LegEvidence& evidence, Finding finding);

// Frames of the device were captured where this invariant cannot be told wholly.
bool is_blind_there(const InvariantRow& row, const LegEvidence& evidence);

}  // namespace offlab
