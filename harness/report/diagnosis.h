// What a class of fault means, and what to do about it: for whoever has to fix the router.
#pragma once

#include <string>
#include <vector>

#include "model/verdict.h"

namespace offlab {

struct Remedy {
  std::string where;   // "guest", "KVM", "ESXi", "network"
  std::string action;  // a command or a setting
};

struct Diagnosis {
  std::string what;              // happens, in which layer
  std::string counters;          // why they look as they do
  std::vector<Remedy> remedies;  // the first one that applies is enough
  std::string cost;              // of the remedy; measured in the run where it was
};

Diagnosis diagnose(FaultClass fault);
// With what the run measured about the cost: the case against its control, which has every merging layer off.
Diagnosis diagnose(const CaseResult& result);

// For a terminal, indented; empty for a healthy case.
std::string describe(const Diagnosis& diagnosis);

}  // namespace offlab
