// What a class of fault means, and what to do about it: for whoever has to fix the router.
#pragma once

#include <string_view>

#include "model/verdict.h"

namespace offlab {

// How the reason of a case begins whose control broke as well, so that it says nothing about the cause.
inline constexpr std::string_view control_is_bad = "the control is not healthy either: ";

// `leg`: what was measured of it, so that the remedy that helps comes first; null: nothing was.
Diagnosis diagnose(FaultClass fault, const LegMeasurements* leg = nullptr);
// With what the run measured about the cost: the case against its control, which has LRO off in the guest and on the
// hypervisor.
Diagnosis diagnose(const CaseResult& result);

}  // namespace offlab
