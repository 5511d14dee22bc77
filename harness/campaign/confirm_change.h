// Is a change of level still there? The case now against the nights before the change.
#pragma once

#include <cstddef>
#include <vector>

#include "campaign/change_points.h"
#include "model/gate_report.h"

namespace offlab {

// Measurements of now are paired with nights of the level before, each night once, the latest first; the pairs are
// judged as a gate's. The margin is the change that was seen.
class ChangeConfirmation {
 public:
  static constexpr unsigned at_once = 4;  // measurements, in one lab

  ChangeConfirmation(const std::vector<double>& ratios, const ChangePoint& change);

  bool wants_more() const;
  // A measurement without a goodput is none.
  void add(const CaseResult& result);
  void add(double ratio);
  std::size_t measured() const { return differences_.size(); }
  GateAnswer answer() const;

 private:
  std::vector<double> before_;  // the latest first
  GateLimits limits_;
  std::vector<double> differences_;
  std::size_t asked_ = 0;
};

}  // namespace offlab
