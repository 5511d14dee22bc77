#include "plan/plan.h"

namespace offlab {

double traffic_seconds(const LegPlan& leg) {
  return leg.intent.warmup_seconds + leg.intent.duration_seconds;
}

double traffic_seconds(const CasePlan& plan) {
  double seconds = 0;
  for (const LegPlan& leg : plan.legs) seconds += traffic_seconds(leg);
  return seconds;
}

}  // namespace offlab
