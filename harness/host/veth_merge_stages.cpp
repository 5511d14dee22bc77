#include "host/veth_merge_stages.h"

#include <array>

#include <fmt/core.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>

#include "base/error.h"
#include "base/handle.h"
#include "host/link_settings.h"
#include "host/tap_control.h"

namespace offlab {
namespace {

// How long packets are collected before they are handed on: nanoseconds, and how many polls may end without an
// interrupt being armed again.
constexpr const char* flush_timeout = "1000000";
constexpr const char* deferred_interrupts = "5";

// rtnl_link_put does not free a veth's peer; this does.
void release_veth(rtnl_link* link) {
  rtnl_link_veth_release(link);
}

void join(nl_sock* socket, const std::string& port, const std::string& bridge, const std::string& action) {
  const Handle<rtnl_link, rtnl_link_put> change(rtnl_link_alloc());
  rtnl_link_set_ifindex(change.get(), static_cast<int>(if_nametoindex(port.c_str())));
  rtnl_link_set_master(change.get(), static_cast<int>(if_nametoindex(bridge.c_str())));
  rtnl_link_set_flags(change.get(), IFF_UP);
  check_netlink(rtnl_link_change(socket, change.get(), change.get(), 0), action);
}

void require(const std::string& port, const char* feature, bool on) {
  if (device_features(port).at(feature) != on)
    throw Error(fmt::format("'{}' did not take {} {}", port, feature, on ? "on" : "off"));
}

}  // namespace

void VethMergeStages::create_stage(const MergeStage& stage) {
  const std::string action = fmt::format("creating the merge stage of '{}'", stage.router_bridge);
  const Handle<nl_sock, nl_socket_free> socket(nl_socket_alloc());
  check_netlink(nl_connect(socket.get(), NETLINK_ROUTE), action);
  const Handle<rtnl_link, release_veth> pair(rtnl_link_veth_alloc());
  rtnl_link* peer = rtnl_link_veth_get_peer(pair.get());
  rtnl_link_set_name(pair.get(), stage.wire_port.c_str());
  rtnl_link_set_name(peer, stage.router_port.c_str());
  for (rtnl_link* end : std::array{pair.get(), peer}) rtnl_link_set_mtu(end, stage.mtu.bytes);
  const int added = rtnl_link_add(socket.get(), pair.get(), NLM_F_CREATE | NLM_F_EXCL);
  rtnl_link_put(peer);
  check_netlink(added, action);
  for (const std::string& port : {stage.wire_port, stage.router_port})
    write_setting(fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", port), "1");
  join(socket.get(), stage.wire_port, stage.wire_bridge, action);
  join(socket.get(), stage.router_port, stage.router_bridge, action);
  set_merging(stage.wire_port, stage.router_port, false);
}

void VethMergeStages::set_merging(const std::string& wire_port, const std::string& router_port, bool on) {
  set_device_offload(wire_port, DeviceOffload::tso, !on);
  set_device_offload(wire_port, DeviceOffload::gso, !on);
  write_setting(device_path(router_port, "gro_flush_timeout"), on ? flush_timeout : "0");
  write_setting(device_path(router_port, "napi_defer_hard_irqs"), on ? deferred_interrupts : "0");
  set_device_offload(router_port, DeviceOffload::gro, on);
  require(wire_port, "tx-tcp-segmentation", !on);
  require(wire_port, "tx-generic-segmentation", !on);
  require(router_port, "rx-gro", on);
}

}  // namespace offlab
