#include "host/linux_network.h"

#include <filesystem>

#include <fmt/core.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>

#include "base/handle.h"
#include "host/link_settings.h"
#include "host/packet_capture.h"
#include "host/tap_control.h"

namespace offlab {
void LinuxNetwork::create_bridge(const std::string& name, Mtu mtu, bool reachable) {
  const std::string action = fmt::format("creating bridge '{}'", name);
  const Handle<nl_sock, nl_socket_free> socket(nl_socket_alloc());
  check_netlink(nl_connect(socket.get(), NETLINK_ROUTE), action);
  const Handle<rtnl_link, rtnl_link_put> link(rtnl_link_bridge_alloc());
  rtnl_link_set_name(link.get(), name.c_str());
  rtnl_link_set_mtu(link.get(), mtu.bytes);
  rtnl_link_set_flags(link.get(), IFF_UP);
  check_netlink(rtnl_link_add(socket.get(), link.get(), NLM_F_CREATE | NLM_F_EXCL), action);
  // No address and no chatter of the host on a test network; frames pass at once.
  const std::string ipv6 = fmt::format("/proc/sys/net/ipv6/conf/{}/", name);
  write_setting(device_path(name, "bridge/multicast_snooping"), "0");
  if (!reachable) {
    write_setting(ipv6 + "disable_ipv6", "1");
    return;
  }
  write_setting(ipv6 + "accept_dad", "0");
  write_setting(ipv6 + "disable_ipv6", "0");
  // A guest that has just come up is found at once, not at the next second.
  write_setting(fmt::format("/proc/sys/net/ipv6/neigh/{}/retrans_time_ms", name), "100");
}

TapState LinuxNetwork::tap_state(const std::string& tap) {
  TapState state;
  state.features = device_features(tap);
  if (std::filesystem::exists(device_path(tap, "tun_flags")))  // a veth has none
    state.tun_flags = static_cast<std::uint32_t>(std::stoul(read_setting(device_path(tap, "tun_flags")), nullptr, 16));
  state.mtu = static_cast<std::uint32_t>(std::stoul(read_setting(device_path(tap, "mtu"))));
  return state;
}

TapSample LinuxNetwork::sample(const std::string& tap) {
  TapSample sample;
  sample.tap = tap;
  sample.rx_bytes = std::stoull(read_setting(device_path(tap, "statistics/rx_bytes")));
  sample.tx_bytes = std::stoull(read_setting(device_path(tap, "statistics/tx_bytes")));
  sample.tso4 = device_features(tap).at("tx-tcp-segmentation");
  return sample;
}

void LinuxNetwork::set_offload_word(const std::string& tap, OffloadWord word) {
  set_tap_offload(tap, word);
}

std::unique_ptr<Capture> LinuxNetwork::start_capture(const std::vector<CaptureRequest>& requests) {
  return start_packet_capture(requests);
}

}  // namespace offlab
