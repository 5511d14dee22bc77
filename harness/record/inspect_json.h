// The risk of a machine, for programs. Schema "offlab.inspect/1".
#pragma once

#include <string>
#include <vector>

#include "model/machine_survey.h"
#include "model/risk.h"

namespace offlab {

// `nics`: those that forward.
std::string inspect_json(const std::string& name, const MachineSurvey& survey, const std::vector<std::string>& nics,
                         const std::vector<RiskRow>& rows);

}  // namespace offlab
