// What is different between two runs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/measurement.h"
#include "model/rate_ratio.h"
#include "model/verdict.h"

namespace offlab {

// Empty: it is not there.
struct ChangedValue {
  std::string where;  // "host", "image", "package", "router wan", "case"
  std::string what;
  std::string before;
  std::string after;
  bool operator==(const ChangedValue&) const = default;
};

struct ChangedCounter {
  std::string name;
  Count before;
  Count after;
  bool operator==(const ChangedCounter&) const = default;
};

struct CaseDifference {
  std::string before_id;
  std::string after_id;
  Outcome before_outcome;
  Outcome after_outcome;
  std::optional<FaultClass> before_class = {};
  std::optional<FaultClass> after_class = {};
  std::vector<ChangedValue> settings = {};     // of the case, and as read back
  std::vector<Invariant> newly_violated = {};  // in the second one only
  std::vector<Invariant> no_longer_violated = {};
  std::vector<ChangedCounter> counters = {};
  std::optional<double> before_goodput_bps = {};
  std::optional<double> after_goodput_bps = {};
  std::optional<RateRatio> goodput = {};  // after over before, with its 95 % interval; nothing: it cannot be told
  bool operator==(const CaseDifference&) const = default;
};

struct RunDifference {
  std::string before;  // names of the folders
  std::string after;
  std::vector<ChangedValue> environment = {};  // hosts, images, versions, packages
  std::vector<CaseDifference> cases = {};      // that both have
  std::vector<std::string> only_before = {};   // ids
  std::vector<std::string> only_after = {};
  bool operator==(const RunDifference&) const = default;
};

inline bool has_same_verdict(const CaseDifference& one) {
  return one.before_outcome == one.after_outcome && one.before_class == one.after_class;
}
// Every case is in both, with the same outcome and class.
bool have_same_verdicts(const RunDifference& difference);

}  // namespace offlab
