// Is a lab that has run a leg still good for the next case?
#pragma once

#include <string>

#include "model/leg.h"
#include "model/observation.h"

namespace offlab {

struct LabWear {
  std::string before;  // what was off before the leg's traffic: a setting that the guest did not take
  std::string after;   // what the leg left behind: a complaint of a kernel, which prints some of them only once
  bool operator==(const LabWear&) const = default;
};

// Empty texts when nothing is off. An injected setting that was healed is none of it: that is the case's own answer.
LabWear lab_wear(const LegIntent& intent, const LegObservation& seen);

}  // namespace offlab
