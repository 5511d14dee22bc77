// The shell script that prints everything a guest knows about a leg, in "==> NAME <==" sections.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

// `mark` names the leg in the kernel log; the "after" script prints the log from there on.
std::string snapshot_script(const NodePlan& node, const std::string& moment, const std::string& mark);

// The same after values in files: one script, unless they are very many.
std::vector<std::string> snapshot_scripts(const NodePlan& node, const std::string& moment, const std::string& mark,
                                          const std::vector<GuestFile>& files);

}  // namespace offlab
