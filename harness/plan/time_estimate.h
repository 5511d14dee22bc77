// What is known of an earlier run, how long the next one may take, and which of its cases tell most.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

struct LastResult {
  bool passed = false;
  double seconds = 0;  // from the case's first command to its last; 0: not known
  bool operator==(const LastResult&) const = default;
};
using LastResults = std::map<std::string, LastResult>;  // by the case's id

struct TimeEstimate {
  double lab_seconds = 0;                      // until its guests are configured
  std::map<std::string, double> case_seconds;  // by id
  bool operator==(const TimeEstimate&) const = default;
};

// A case takes as long as it did; one that was not there as long as the others did in the middle, or where there are
// none, what its legs' traffic takes at most and what a leg takes besides.
TimeEstimate estimate_time(const RunPlan& plan, const LastResults& last);
double total_seconds(const TimeEstimate& estimate, const RunPlan& plan);

// The cases that a run of so many seconds does not begin, if all take as long as estimated.
std::vector<std::string> beyond_budget(const RunPlan& plan, const TimeEstimate& estimate, double seconds);

// Puts those first that tell most for their time: what did not pass, then what was never run, then what passed; among
// equals those with pairs of settings that no case before them has. Cases that tell alike keep their order.
void most_telling_first(std::vector<Case>& cases, const LastResults& last);

}  // namespace offlab
