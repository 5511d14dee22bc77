// May a candidate replace a baseline? What was measured, and the answer.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/verdict.h"

namespace offlab {

enum class GateAnswer { worse, not_worse, undecided };

constexpr std::string_view to_string(GateAnswer answer) {
  switch (answer) {
    case GateAnswer::worse:
      return "worse";
    case GateAnswer::not_worse:
      return "not-worse";
    case GateAnswer::undecided:
      return "undecided";
  }
  return "?";
}

struct GateLimits {
  double margin = 0.1;  // a share: what the candidate may be worse by
  double alpha = 0.05;  // how often the interval may miss the truth; 0.01 where it is to be strict
  std::size_t most_pairs = 32;
  std::optional<double> pair_deviation = {};  // of ln(candidate / baseline) on this host, from earlier runs
  bool operator==(const GateLimits&) const = default;
};

// What pairs say about candidate over baseline. Logarithms: 0 is equal, -0.105 is ten percent less.
struct PairedInterval {
  std::size_t pairs = 0;
  double mean = 0;
  std::optional<double> half_width = {};             // nothing: it is infinite, there are too few pairs
  std::optional<double> neighbour_correlation = {};  // of pairs that follow each other; nothing below four
  bool operator==(const PairedInterval&) const = default;
};

// What such a logarithm is in percent: -0.105 is -10.
inline double percent_change(double logarithm) {
  return 100 * std::expm1(logarithm);
}

struct Comparison {
  GateAnswer answer = GateAnswer::undecided;
  PairedInterval interval = {};
  bool too_narrow = false;  // neighbouring pairs depend on each other: the interval misses the truth more often
  bool operator==(const Comparison&) const = default;
};

// One leg of an arm.
struct ArmLeg {
  double goodput_bps = 0;
  std::optional<double> cpu_seconds_per_gbit = {};  // of the devices under test
  bool operator==(const ArmLeg&) const = default;
};

struct GatePair {
  bool baseline_first = true;
  ArmLeg baseline;
  ArmLeg candidate;
  std::optional<double> reference_bps = {};  // of a leg without the routers
  bool operator==(const GatePair&) const = default;
};

// An arm: settings over those of the case.
struct GateArm {
  std::string words;  // "router.lro=on,router.image=debian-12"
  CaseResult result;  // judged by itself
  bool operator==(const GateArm&) const = default;
};

struct GateReport {
  std::string name;     // of the topology file
  std::string case_id;  // without the arms' settings
  GateLimits limits = {};
  GateArm baseline;
  GateArm candidate;
  std::optional<CaseResult> again = {};  // the candidate in a second lab, where it has a fault of its own
  std::vector<GatePair> pairs = {};
  std::optional<Comparison> goodput = {};  // nothing: it was not compared
  std::optional<Comparison> cpu = {};      // CPU time for a gigabit; a mean below 0 is more time
  GateAnswer answer = GateAnswer::undecided;
  std::string why;  // one sentence
  bool operator==(const GateReport&) const = default;
};

// 0 not worse, 1 worse, 4 undecided.
constexpr int exit_code(GateAnswer answer) {
  return answer == GateAnswer::not_worse ? 0 : answer == GateAnswer::worse ? 1 : 4;
}

}  // namespace offlab
