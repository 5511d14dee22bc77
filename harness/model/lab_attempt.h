// Which lab of a run, and which attempt at it.
#pragma once

#include <string>

namespace offlab {

// A lab that broke is started again for the cases that are left: its next attempt.
struct LabAttempt {
  std::string lab = {};  // "lab-1"; empty: no lab, but the run itself
  unsigned attempt = 1;  // from 1
  auto operator<=>(const LabAttempt&) const = default;
};

}  // namespace offlab
