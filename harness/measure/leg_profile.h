// A leg over time, and the sizes of its packets: what is drawn beside a verdict.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/case_profile.h"
#include "model/frame.h"
#include "model/leg.h"
#include "model/observation.h"

namespace offlab {

// By capture point; a point whose file is missing is not there.
using PointCaptures = std::map<std::string, FrameSource*>;

// Where a leg's frames were captured, in the order in which its data passes them.
std::vector<CapturePoint> points_of(const LegIntent& intent);

// `name`: of the leg. Reads every capture once, to its end. A capture that is damaged counts up to there.
LegProfile profile_leg(const std::string& name, const LegIntent& intent, const LegObservation& seen,
                       const PointCaptures& captures);

// The settings of all machines on the path and of the devices' taps, with what differs between the legs first.
std::vector<SettingReading> read_settings(const LegIntent& intent, const LegObservation& in_case,
                                          const LegObservation& in_control);

}  // namespace offlab
