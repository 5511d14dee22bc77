// The gate before a change: structure first, then figures.
#pragma once

#include <functional>
#include <string>

#include "model/gate_report.h"

namespace offlab {

enum class Arm { baseline, candidate };

// What the gate asks of labs. Throws Error where a lab breaks for good, Interrupted when a stop was asked for.
class GateLabs {
 public:
  virtual ~GateLabs() = default;
  // Both arms, each judged as a case of its own.
  virtual std::pair<CaseResult, CaseResult> judge_both() = 0;
  // The candidate once more, in a lab that has run nothing else.
  virtual CaseResult judge_candidate_again() = 0;
  // Goodput and CPU time of one pair, measured one after the other.
  virtual GatePair measure_pair(std::size_t number, bool baseline_first) = 0;
};

struct GateQuestion {
  std::string name;
  std::string case_id;
  std::string baseline;  // the arm's settings, in words
  std::string candidate;
  GateLimits limits = {};
  unsigned seed = 0;
};

// Told after each pair what the pairs so far say.
using GateListener = std::function<void(const std::vector<GatePair>& pairs, const Comparison& goodput)>;

// A fault class that only the candidate has, seen again in a second lab, refuses it. Where the classes do not decide,
// pairs are compared until the answer is certain, or there are as many as the limits allow.
GateReport run_gate(const GateQuestion& question, GateLabs& labs, const GateListener& listener);

}  // namespace offlab
