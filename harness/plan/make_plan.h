// Cases -> an ordered plan. Pure.
#pragma once

#include <vector>

#include "model/scenario.h"
#include "plan/plan.h"

namespace offlab {

// Cases that differ only in what can be switched in a running lab share one lab; the order of cases within a lab, and
// of labs by their first case, is that of the list. The plan asks for nothing that is not `observable`.
RunPlan make_plan(const Scenario& scenario, const std::vector<Case>& cases, Question question,
                  const Observability& observable = {});

// Cases of one leg each, in the same labs: what is measured is compared with other cases, not judged. Frames are not
// captured. With `reference` in the scenario, a leg without the routers comes first.
RunPlan make_plan_of_single_legs(const Scenario& scenario, const std::vector<Case>& cases);

// The name of a tap or folder for these words: short enough for an interface name, unique within `taken`.
std::string tap_name(const std::string& node, const std::string& network, const std::vector<std::string>& taken);

}  // namespace offlab
