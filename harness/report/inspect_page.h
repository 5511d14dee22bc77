// The risk of a machine on a page.
#pragma once

#include <string>
#include <vector>

#include "model/machine_survey.h"
#include "model/risk.h"

namespace offlab {

// `name`: the machine, as the user named it. `nics`: those that forward.
std::string inspect_page(const std::string& name, const MachineSurvey& survey, const std::vector<std::string>& nics,
                         const std::vector<RiskRow>& rows);

}  // namespace offlab
