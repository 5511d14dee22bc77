#include "selftest/recorded_leg.h"

#include <fmt/core.h>

#include "base/error.h"
#include "measure/measure_leg.h"

namespace offlab {

LegMeasurements RecordedLeg::measure() const {
  FrameList in(ingress);
  FrameList out(egress);
  return measure_leg(intent, 0, seen, {&in, &out, nullptr});
}

RecordedLeg read_recorded_leg(const RunFolder& folder, const CasePlan& plan, LegRole role) {
  const std::string where = RunFolder::leg_folder(plan, role);
  for (const LegPlan& leg : plan.legs) {
    if (leg.role != role) continue;
    const auto frames = [&](const std::optional<CapturePoint>& point) {
      return all_frames(*folder.open_capture(where, point.value().id + ".pcapng"));
    };
    const HopIntent& hop = leg.intent.hops.at(0);
    return {leg.intent, folder.read_leg(where), frames(hop.ingress), frames(hop.egress)};
  }
  throw Error(fmt::format("case '{}' has no {} leg", plan.id, to_string(role)));
}

}  // namespace offlab
