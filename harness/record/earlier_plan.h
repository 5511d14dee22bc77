// Plans that an earlier offlab wrote, in the words of this one.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace offlab {

// A run's plan of version 3. Throws json::exception when it is none.
void upgrade_plan_3(nlohmann::json& plan);
// One lab of it.
void upgrade_lab_3(nlohmann::json& lab);

}  // namespace offlab
