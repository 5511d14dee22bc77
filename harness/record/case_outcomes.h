// How the cases of earlier runs ended, out of their run.json (offlab.run/1).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/expectation.h"

namespace offlab {

struct CaseOutcome {
  std::string id;
  Expectation expect = FaultClass::healthy;
  Outcome outcome = Outcome::error;  // the answer to the run's question
  std::string found;                 // the class; empty when there is none
  std::string reason;
  std::vector<std::string> artifacts = {};  // relative to the run folder
};

// Throws Error when the text is no offlab.run/1 of `offlab verify`.
std::vector<CaseOutcome> read_case_outcomes(std::string_view run_json);

}  // namespace offlab
