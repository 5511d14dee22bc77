#include "runner/case_rounds.h"

#include "measure/iperf3.h"
#include "model/measurement.h"

namespace offlab {

void RoundComparison::add(const LegPlan& leg, const LegObservation& seen) {
  if (leg.role == LegRole::reference) return;
  const Iperf3Result result = read_iperf3(leg.intent, seen.transfer);
  floor_ = leg.intent.throughput_floor;
  (leg.role == LegRole::control ? control_ : measured_).push_back(goodput_series(result.intervals));
  // A stall is none: on a busy machine a healthy leg may stall, and its rate is compared like any other.
  if (!result.failure.empty() || seen.transfer.end == TransferEnd::storm) broke_down_ = true;
}

bool RoundComparison::undecided() const {
  if (broke_down_) return false;
  const auto ratio = rate_ratio(measured_, control_);
  return !ratio || (ratio->low < floor_ && ratio->high >= floor_);
}

}  // namespace offlab
