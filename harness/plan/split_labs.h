// The labs of a run, shared out among places that have work at the same time.
#pragma once

#include <cstddef>

#include "plan/plan.h"

namespace offlab {

// Labs with many cases become several that are alike, each with cases that follow each other, so that `places` labs
// have about the same to do. Cases keep their ids, folders and order. A part of "lab-1" is "lab-1-part-2".
RunPlan split_labs(RunPlan plan, std::size_t places);

}  // namespace offlab
