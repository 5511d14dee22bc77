#include "plan/background_load.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "model/path.h"
#include "plan/deadlines.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

// What snapshots, a slow start and a slow end of the transfer may take beyond its own time.
constexpr double spare_seconds = 60;
// As many packets as a virtual switch merges at a time, some 7 kB: the frames of the sender stand for them. Where they
// are really merged (`hypervisor.lro = "merge"`), they are cut before that.
constexpr unsigned segments_a_frame = 5;
constexpr std::uint64_t most_bytes = 100'000'000'000;

std::uint64_t seconds_of(const MeasureOptions& measure) {
  return static_cast<std::uint64_t>(std::ceil(measure.warmup_seconds + measure.duration_seconds + spare_seconds));
}

step::StartBackground start_of_bsd(const Topology& topology, const Flow& flow, const MeasureOptions& measure) {
  const Background& background = flow.background;
  const std::string network = flow_path(topology, flow)->front().ingress;
  const Interface& interface = *find_interface(*find_node(topology, flow.from), network);
  const std::uint64_t seconds = seconds_of(measure);
  const double bytes_a_second = background.rate.bits_per_second / 8;
  const std::uint64_t bytes =
      std::min(most_bytes, static_cast<std::uint64_t>(bytes_a_second * static_cast<double>(seconds)));
  const std::string ends = fmt::format("--address {} --port {} --streams {} --seconds {} --bytes {}",
                                       to_string(*background_address(topology, network)), background_port,
                                       streams_of(background), seconds, bytes);
  return {.sender = flow.from,
          .receiver = flow.to,
          .send = fmt::format("offlab-background send --interface {} {} --object {} --every {} --rate {} --segments {}",
                              addressed_device(interface), ends, background.object.bytes,
                              std::llround(background.every_seconds * 1000),
                              std::llround(background.rate.bits_per_second), segments_a_frame),
          .receive = "offlab-background receive " + ends,
          .seconds = static_cast<double>(seconds)};
}

// Small enough for any path: the load's path MTU discovery would teach the flow's sender, which shares its kernel, and
// larger datagrams would be fragmented.
constexpr const char* tcp_words = "--set-mss 1160";
constexpr const char* udp_words = "--udp --length 1200";
constexpr std::uint64_t most_intervals = 60;  // in a report

// The flow's initiator connects here, too: routers let connections through in one direction only.
step::StartBackground start_of_iperf3(const Flow& flow, const Endpoint& connect, const MeasureOptions& measure) {
  const Background& background = flow.background;
  const unsigned streams = streams_of(background);
  const std::uint64_t seconds = seconds_of(measure);
  const std::uint64_t interval = seconds / most_intervals + 1;
  const auto port = static_cast<std::uint16_t>(flow.connect ? connect.port + 2 : background_port);
  const bool sender_connects = flow.sender_connects != background.opposite;
  const bool is_udp = background.sender == BackgroundSender::udp;
  const std::string client = fmt::format(
      "iperf3 --client {} --port {} {}{} --connect-timeout {} --parallel {} --bitrate {} --time {} "
      "--interval {} --json",
      to_string(connect.address), port, is_udp ? udp_words : tcp_words, sender_connects ? "" : " --reverse",
      std::chrono::milliseconds(limits::connect).count(), streams,
      std::llround(background.rate.bits_per_second / streams), seconds, interval);
  const std::string server =
      fmt::format("iperf3 --server --one-off --port {} --interval {} --json", background_port, interval);
  return {.sender = background.opposite ? flow.to : flow.from,
          .receiver = background.opposite ? flow.from : flow.to,
          .send = sender_connects ? client : server,
          .receive = sender_connects ? server : client,
          .seconds = static_cast<double>(seconds),
          .sender_connects = sender_connects,
          .is_iperf3 = true,
          .port = port,
          .listening_port = background_port};
}

}  // namespace

step::StartBackground start_of_background(const Topology& topology, const Flow& flow, const Endpoint& connect,
                                          const MeasureOptions& measure) {
  return flow.background.sender == BackgroundSender::bsd ? start_of_bsd(topology, flow, measure)
                                                         : start_of_iperf3(flow, connect, measure);
}

}  // namespace offlab
