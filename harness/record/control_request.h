// What the worker of a lab that stays can be asked for, one line of JSON each. Schema "offlab.control/2". Messages
// (message.h) answer: events, a Refused where a guest cannot do it, and at the end Done or Failed.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "plan/plan.h"

namespace offlab::control {

// Switch settings; they stay. The steps are those of plan/live_steps.
struct Set {
  std::vector<Step> steps;
  bool operator==(const Set&) const = default;
};

// Record the lab plan's cases into the folder whose descriptor comes with the request, then put everything back.
struct Cases {
  std::vector<Step> before;  // from the settings of the lab to those that the plan begins with
  LabPlan lab = {};
  std::vector<Step> after = {};  // commands that give guests back what is not read and put back anyway
  bool operator==(const Cases&) const = default;
};

using Request = std::variant<Set, Cases>;

// One line, without the newline.
std::string request_to_line(const Request& request);
// Throws Error when the line is no request.
Request request_from_line(const std::string& line);

}  // namespace offlab::control
