// Which settings, or which of a list of versions, make a fault: what was asked, and the answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/verdict.h"

namespace offlab {

enum class SearchEnd {
  proven,         // what was found shows the fault twice, and each part of it taken away cures it twice
  not_monotone,   // the answers fit nothing: settings also take the fault away, or it comes and goes more than assumed
  no_more_tries,  // the limit of runs was reached
  no_fault,       // the bad case did not show a fault
};

constexpr std::string_view to_string(SearchEnd end) {
  switch (end) {
    case SearchEnd::proven:
      return "proven";
    case SearchEnd::not_monotone:
      return "not-monotone";
    case SearchEnd::no_more_tries:
      return "no-more-tries";
    case SearchEnd::no_fault:
      return "no-fault";
  }
  return "?";
}

// One run.
struct BisectStep {
  std::string id;  // of its case: the settings it made, or "good"
  bool shows = false;
  CaseResult result;
  std::string folder;  // its run folder, relative to that of the bisection
  bool operator==(const BisectStep&) const = default;
};

struct BisectReport {
  std::string name;  // of the topology file
  std::string good;  // ids
  std::string bad;
  std::optional<FaultClass> fault_class = {};  // that the bad case has, and that is searched for
  double flake_rate = 0;                       // that was assumed
  std::vector<std::string> searched = {};      // "KEY=VALUE" of each setting in which they differ, or each version
  std::vector<BisectStep> steps = {};
  SearchEnd end = SearchEnd::no_more_tries;
  std::vector<std::string> found =
      {};                 // of `searched`: the culprits, or the first bad version; likeliest where not proven
  double likelihood = 0;  // of what was found, 0..1
  bool operator==(const BisectReport&) const = default;
};

}  // namespace offlab
