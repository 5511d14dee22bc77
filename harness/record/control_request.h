// What the worker of a lab that stays can be asked for, one line of JSON each. Schema "offlab.control/1".
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "plan/plan.h"

namespace offlab::control {

// The stage that ends the replies to a request that was carried out.
inline constexpr const char* done = "done";
// A stage before that one: its detail says what a guest cannot do. The taps stay as they were.
inline constexpr const char* refused = "refused";

// Switch settings; they stay. The steps are those of plan/live_steps.
struct Set {
  std::vector<Step> steps;
};

// Record the lab plan's cases into the folder whose descriptor comes with the request, then put everything back.
struct Cases {
  std::vector<Step> before;  // from the settings of the lab to those that the plan begins with
  LabPlan lab;
};

using Request = std::variant<Set, Cases>;

// One line, without the newline.
std::string request_to_line(const Request& request);
// Throws Error when the line is no request.
Request request_from_line(const std::string& line);

}  // namespace offlab::control
