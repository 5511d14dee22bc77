// Measured cases of the recorded run, and findings about what a test made of them.
#pragma once

#include <string>
#include <string_view>

#include "unit/recorded_run.h"
#include "verdict/invariants.h"
#include "verdict/judge.h"

namespace offlab {

inline MeasuredCase measured_case(std::string_view id) {
  const CasePlan& plan = recorded_case(id);
  return {plan.id,
          plan.axes,
          plan.expect,
          recorded_leg(id).intent,
          recorded_leg(id, LegRole::control).intent,
          recorded_measurements(id),
          recorded_measurements(id, LegRole::control)};
}

// Guest LRO on, everything in superframes, nothing wrong.
inline MeasuredCase healthy_case() {
  return measured_case("control-lro-on");
}

// Hypervisor LRO: 18 orphans refused.
inline MeasuredCase storm_case() {
  return measured_case("hypervisor-lro");
}

inline const MeasureOptions& options() {
  return recorded_plan().measure;
}

inline Finding judged(Invariant invariant, const MeasuredCase& measured, const std::string& control_trouble = {}) {
  return judge_invariant(row_of(invariant), {measured.intent, measured.measured, &measured.control, control_trouble,
                                             options(), 0, measured.reference ? &*measured.reference : nullptr});
}

// The leg's goodput and its intervals, as if it had carried so much throughout.
inline void set_goodput(LegMeasurements& leg, std::optional<double> bps) {
  leg.goodput_bps = bps;
  for (IntervalGoodput& interval : leg.intervals) interval.bits_per_second = bps.value_or(0);
}

inline CaptureMeasurements& capture_of(MeasuredCase& measured) {
  return measured.measured.capture.value();
}

}  // namespace offlab
