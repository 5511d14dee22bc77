#include "verdict/filled_queue.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/units.h"

namespace offlab {

const DropCounter* filled_queue(const LegMeasurements& leg, double packets) {
  constexpr double nearly = 0.8;
  if (!leg.capture || leg.capture->seconds <= 0) return nullptr;
  const double bps = static_cast<double>(leg.capture->egress_payload_bytes) * 8 / leg.capture->seconds;
  const auto found = std::find_if(leg.drops.begin(), leg.drops.end(), [&](const DropCounter& one) {
    return one.rate_bps && bps >= nearly * *one.rate_bps && static_cast<double>(one.packets) >= packets;
  });
  return found == leg.drops.end() ? nullptr : &*found;
}

std::string words_about_filled(const DropCounter& queue) {
  return fmt::format("the transfer fills the rate of {} ({})", queue.what, to_string(BitRate{queue.rate_bps.value()}));
}

}  // namespace offlab
