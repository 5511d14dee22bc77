// A case is measured in rounds of a control and a case leg: one, and more while they do not tell enough.
#pragma once

#include "model/observation.h"
#include "model/rate_ratio.h"
#include "plan/plan.h"

namespace offlab {

// What the legs so far say about case against control.
class RoundComparison {
 public:
  void add(const LegPlan& leg, const LegObservation& seen);
  // Another round could still change the answer: the ratio's confidence interval holds the floor, or is too wide to be
  // one. False when a leg broke down: that is an answer, whatever it carried before.
  bool undecided() const;

 private:
  std::vector<RateSeries> control_;
  std::vector<RateSeries> measured_;
  double floor_ = 0;
  bool broke_down_ = false;
};

}  // namespace offlab
