// How much of the host's memory a lab may use.
#pragma once

#include "base/units.h"
#include "plan/plan.h"

namespace offlab {

// The guests' memory and 100 MiB each for their QEMU.
ByteCount lab_memory(const LabPlan& lab);

}  // namespace offlab
