#include "plan/background_load.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "model/path.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

// What snapshots, a slow start and a slow end of the transfer may take beyond its own time.
constexpr double spare_seconds = 60;
// As many packets as a virtual switch merges at a time, some 7 kB: the frames of the sender stand for them. Where they
// are really merged (`hypervisor.lro = "merge"`), they are cut before that.
constexpr unsigned segments_a_frame = 5;
constexpr std::uint64_t most_bytes = 100'000'000'000;

}  // namespace

step::StartBackground start_of_background(const Topology& topology, const Flow& flow, const MeasureOptions& measure) {
  const Background& background = flow.background;
  const std::string network = flow_path(topology, flow)->front().ingress;
  const Interface& interface = *find_interface(*find_node(topology, flow.from), network);
  const auto seconds =
      static_cast<std::uint64_t>(std::ceil(measure.warmup_seconds + measure.duration_seconds + spare_seconds));
  const double bytes_a_second = background.rate.bits_per_second / 8;
  const std::uint64_t bytes =
      std::min(most_bytes, static_cast<std::uint64_t>(bytes_a_second * static_cast<double>(seconds)));
  const std::string ends = fmt::format("--address {} --port {} --streams {} --seconds {} --bytes {}",
                                       to_string(*background_address(topology, network)), background_port,
                                       background.streams, seconds, bytes);
  return {.sender = flow.from,
          .receiver = flow.to,
          .send = fmt::format("offlab-background send --interface {} {} --object {} --every {} --rate {} --segments {}",
                              addressed_device(interface), ends, background.object.bytes,
                              std::llround(background.every_seconds * 1000),
                              std::llround(background.rate.bits_per_second), segments_a_frame),
          .receive = "offlab-background receive " + ends,
          .seconds = static_cast<double>(seconds)};
}

}  // namespace offlab
