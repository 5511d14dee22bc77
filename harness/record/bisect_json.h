// bisect.json, schema "offlab.bisect/1" (docs/campaigns.md).
#pragma once

#include <string>

#include "model/bisect_report.h"

namespace offlab {

std::string bisect_json(const BisectReport& report);

}  // namespace offlab
