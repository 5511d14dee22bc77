#include "host/linux_observation.h"

#include <filesystem>

#include <fmt/core.h>

#include "base/error.h"
#include "host/link_settings.h"
#include "host/packet_capture.h"
#include "host/tap_control.h"

namespace offlab {

TapState LinuxObservation::tap_state(const std::string& tap) {
  TapState state;
  state.features = device_features(tap);
  if (std::filesystem::exists(device_path(tap, "tun_flags")))  // a veth has none
    state.tun_flags = static_cast<std::uint32_t>(std::stoul(read_setting(device_path(tap, "tun_flags")), nullptr, 16));
  state.tx_dropped = std::stoull(read_setting(device_path(tap, "statistics/tx_dropped")));
  state.mtu = static_cast<std::uint32_t>(std::stoul(read_setting(device_path(tap, "mtu"))));
  return state;
}

TapSample LinuxObservation::sample(const std::string& tap) {
  TapSample sample;
  sample.tap = tap;
  sample.rx_bytes = std::stoull(read_setting(device_path(tap, "statistics/rx_bytes")));
  sample.tx_bytes = std::stoull(read_setting(device_path(tap, "statistics/tx_bytes")));
  sample.tso4 = device_features(tap).at("tx-tcp-segmentation");
  return sample;
}

std::unique_ptr<Capture> LinuxObservation::start_capture(const std::vector<CaptureRequest>& requests) {
  for (const CaptureRequest& request : requests)
    if (request.point.side == CaptureSide::guest)
      throw Error(
          fmt::format("'{}' is inside of {}: this host sees no frames there", request.point.id, request.point.node));
  return start_packet_capture(requests);
}

}  // namespace offlab
