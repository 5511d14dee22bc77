// How often the verdict is wrong: healthy cases and known faults, counted over many runs.
#pragma once

#include <string>
#include <vector>

#include "model/verdict.h"

namespace offlab {

// Cases of one kind. Inconclusive ones and labs that broke are neither right nor wrong.
struct ErrorRate {
  unsigned right = 0;
  unsigned wrong = 0;
  unsigned inconclusive = 0;
  unsigned broken = 0;

  unsigned judged() const { return right + wrong; }
};

struct ErrorRates {
  ErrorRate healthy;                        // wrong: a false positive
  ErrorRate faulty;                         // wrong: a miss, or another class than expected
  std::vector<std::string> not_right = {};  // one line for each

  void count(const std::vector<CaseResult>& cases);
  // Fail when anything was wrong; inconclusive when one kind was never judged.
  Outcome outcome() const;
};

// Upper end of the exact (Clopper-Pearson) one-sided 95 % interval of a rate; 1 when there are no cases.
double upper_bound(unsigned errors, unsigned cases);

// For a terminal, and as a Markdown table.
std::string describe(const ErrorRates& rates);
std::string markdown(const ErrorRates& rates);

}  // namespace offlab
