// Two arms compared in pairs, by an interval that is valid at every look.
#pragma once

#include <vector>

#include "model/gate_report.h"

namespace offlab {

// `differences`: ln(candidate / baseline) of each pair, in the order in which they were measured. `alpha`: how often
// the interval may miss the truth, over all looks together. `scale`: how many deviations of a pair the difference of
// interest is, squared; 1 where it is not known. It tunes the width; the interval is valid for any value that was
// chosen before the pairs were seen.
//
// The anytime-valid t interval of Gruenwald, de Heide, Koolen, "Safe testing" (arXiv 1906.07801), section 4.3, as the R
// package safestats has it (safeTTestStat, computeConfidenceInterval).
PairedInterval anytime_interval(const std::vector<double>& differences, double alpha, double scale);

}  // namespace offlab
