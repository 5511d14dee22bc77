#include "verdict/filled_queue.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/units.h"

namespace offlab {
namespace {

// What arrived each second through the router in the flow's direction, of the load beside it, too.
double payload_bps(const LegMeasurements& leg) {
  double bps = static_cast<double>(leg.capture->egress_payload_bytes) * 8 / leg.capture->seconds;
  if (leg.background && leg.background->seconds > 0 && !leg.background->opposite)
    bps += static_cast<double>(leg.background->acknowledged_bytes) * 8 / leg.background->seconds;
  return bps;
}

}  // namespace

const DropCounter* filled_queue(const LegMeasurements& leg, double packets) {
  constexpr double nearly = 0.8;
  if (!leg.capture || leg.capture->seconds <= 0) return nullptr;
  const double bps = payload_bps(leg);
  const auto found = std::find_if(leg.drops.begin(), leg.drops.end(), [&](const DropCounter& one) {
    return one.rate_bps && bps >= nearly * *one.rate_bps && static_cast<double>(one.packets) >= packets;
  });
  return found == leg.drops.end() ? nullptr : &*found;
}

std::string words_about_filled(const DropCounter& queue) {
  return fmt::format("the traffic fills the rate of {} ({})", queue.what, to_string(BitRate{queue.rate_bps.value()}));
}

}  // namespace offlab
