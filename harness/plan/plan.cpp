#include "plan/plan.h"

namespace offlab {

std::string image_key(const NodePlan& node) {
  return node.kernel.empty() ? node.image : node.image + "@" + node.kernel;
}

double traffic_seconds(const LegPlan& leg) {
  return leg.intent.warmup_seconds + leg.intent.duration_seconds;
}

double traffic_seconds(const CasePlan& plan) {
  double seconds = 0;
  for (const LegPlan& leg : plan.legs) seconds += traffic_seconds(leg);
  return seconds;
}

}  // namespace offlab
