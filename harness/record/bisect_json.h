// bisect.json, schema "offlab.bisect/1" (docs/campaigns.md).
#pragma once

#include <string>
#include <string_view>

#include "model/bisect_report.h"

namespace offlab {

std::string bisect_json(const BisectReport& report);
// Of the steps' results what bisect.json has of them: outcome, class, reason. Throws Error for a text that is none.
BisectReport bisect_from_json(std::string_view text);

}  // namespace offlab
