// The hazards of docs/hazards.md, row by row, against what was seen of a machine.
#pragma once

#include "model/machine_survey.h"
#include "model/risk.h"

namespace offlab {

// Never "safe" where what decides was not seen. One row for each hazard that a look can say something about, and a
// first one where the machine does not forward, or nobody knows.
std::vector<RiskRow> risks_of(const MachineSurvey& survey);

}  // namespace offlab
