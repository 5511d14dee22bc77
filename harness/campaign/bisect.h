// From a bad case to what makes it bad.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "campaign/culprit_search.h"
#include "model/bisect_report.h"

namespace offlab {

// What a bisection asks of labs: each time a fresh one. Throws Error where it cannot be had, Interrupted when a stop
// was asked for.
class BisectLabs {
 public:
  virtual ~BisectLabs() = default;
  // The case with these settings of the bad case and otherwise those of the good one.
  virtual BisectStep run_settings(SettingSet settings) = 0;
  // The case with this version of the list.
  virtual BisectStep run_version(std::size_t version) = 0;
};

struct BisectQuestion {
  std::string name;
  std::string good;
  std::string bad;
  std::vector<std::string> searched;   // "KEY=VALUE" of each setting, or each version
  std::vector<double> suspicion = {};  // of settings
  double flake_rate = 0;
  std::size_t most_runs = 60;
};

using StepListener = std::function<void(const BisectStep& step)>;

// The smallest set of settings that makes the class of fault that the bad case has.
BisectReport bisect_settings(const BisectQuestion& question, BisectLabs& labs, const StepListener& listener);
// The first version that has the class of fault which the last one has.
BisectReport bisect_versions(const BisectQuestion& question, BisectLabs& labs, const StepListener& listener);

// How likely a setting is to be the cause, by its key: what merges before what is merged, and both before the rest.
double suspicion_of(const std::string& key);

}  // namespace offlab
