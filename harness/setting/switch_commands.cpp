#include "setting/switch_commands.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "setting/traffic_source.h"

namespace offlab {
namespace {

constexpr const char* df_file = "/proc/sys/net/ipv4/ip_no_pmtu_disc";

}  // namespace

std::string mtu_command(const std::string& device, NicModel model, Mtu mtu) {
  const std::string_view command = row_of(model).before_new_mtu;
  const std::string before = command.empty() ? "" : fmt::format(fmt::runtime(command), device) + " && ";
  return fmt::format("read m < /sys/class/net/{0}/mtu; [ $m = {1} ] || {{ {2}ip link set dev {0} mtu {1}; }}", device,
                     mtu.bytes, before);
}

// Without a queue of its own it holds more than the largest window in flight.
std::string shaping_command(const std::string& device, const Shaping& shaping) {
  if (shaping == Shaping{}) return fmt::format("tc qdisc del dev {} root 2>/dev/null || true", device);
  const auto rate = [&] { return std::llround(shaping.rate->bits_per_second); };
  // Frames that are to be cut below stay whole: the burst has room for the longest.
  if (shaping.queue && shaping.rate)
    return fmt::format("tc qdisc replace dev {} root tbf rate {}bit burst 70000 limit {}", device, rate(),
                       shaping.queue->bytes);
  std::string command = fmt::format("tc qdisc replace dev {} root netem limit 20000", device);
  if (shaping.delay_seconds > 0) command += fmt::format(" delay {}us", std::llround(shaping.delay_seconds * 1e6));
  if (shaping.loss > 0) command += fmt::format(" loss {}%", shaping.loss * 100);
  if (shaping.rate) command += fmt::format(" rate {}bit", rate());
  return command;
}

// A machine of 192 MiB has TCP windows of 1.5 MB at most, which costs a fifth of the goodput; these are what every
// machine of 1 GB has (tcp(7)). Many streams share a part of the memory that stays below tcp_mem's lowest mark: above
// it an end drops what has arrived, and its streams stand still for seconds.
std::string windows_command(const Node& node, unsigned streams) {
  const std::uint64_t share = std::uint64_t{node.memory_mib} * 1024 * 1024 / 32 / streams;
  const auto largest = [&](std::uint64_t usual) { return std::min(usual, share); };
  return fmt::format(
      "echo 4096 {} {} > /proc/sys/net/ipv4/tcp_rmem; "
      "echo 4096 16384 {} > /proc/sys/net/ipv4/tcp_wmem",
      largest(131072), largest(6291456), largest(4194304));
}

std::string df_value(bool df) {
  return fmt::format("echo {} > {}", df ? 0 : 1, df_file);
}

std::string require_df() {
  return fmt::format("read d < {0}; [ $d = 0 ] || {{ echo '{0} is not 0: TCP sends without DF' >&2; exit 1; }}",
                     df_file);
}

// A listening socket keeps what held when it was made, and hands it to the connections that it takes.
std::string df_command(bool df) {
  return fmt::format("read d < {}; [ $d = {} ] || {{ {}; {}; }}", df_file, df ? 0 : 1, df_value(df),
                     restart_source_command());
}

unsigned streams_at(const Topology& topology, const std::string& node) {
  unsigned streams = 1;
  for (const Flow& flow : topology.flows)
    if (flow.from == node || flow.to == node) {
      const unsigned beside = flow.background.sender == BackgroundSender::tcp ? streams_of(flow.background) : 0;
      streams = std::max(streams, flow.streams + beside);
    }
  return streams;
}

bool sets_df(const Topology& topology, const std::string& node) {
  return std::none_of(topology.flows.begin(), topology.flows.end(),
                      [&](const Flow& flow) { return flow.from == node && !flow.df; });
}

}  // namespace offlab
