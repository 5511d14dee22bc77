// A leg as it was recorded, in memory, so that it can be changed and measured again.
#pragma once

#include <string>
#include <vector>

#include "capture/stored_frames.h"
#include "model/leg.h"
#include "model/measurement.h"
#include "model/observation.h"
#include "record/run_folder.h"

namespace offlab {

struct RecordedLeg {
  LegIntent intent;
  LegObservation seen;
  std::vector<StoredFrame> ingress;
  std::vector<StoredFrame> egress;

  LegMeasurements measure() const;
};

// Throws Error when the case has no such leg, or its files are damaged.
RecordedLeg read_recorded_leg(const RunFolder& folder, const CasePlan& plan, LegRole role);

}  // namespace offlab
