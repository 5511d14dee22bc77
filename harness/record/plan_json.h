// Plans as JSON: what a worker is sent, and what `judge` reads back. Schema "offlab.plan/4"; plans of
// version 3 are read, too.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plan/plan.h"

namespace offlab {

nlohmann::json plan_to_json(const RunPlan& plan);
// Throws Error when the text is not such a plan.
RunPlan plan_from_json(const nlohmann::json& document);

nlohmann::json lab_plan_to_json(const LabPlan& lab);
LabPlan lab_plan_from_json(const nlohmann::json& document);

}  // namespace offlab
