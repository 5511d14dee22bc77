#include "host/linux_fabric.h"

#include <array>

#include <fmt/core.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/bridge.h>
#include <netlink/route/link/veth.h>

#include "base/error.h"
#include "base/handle.h"
#include "host/link_settings.h"
#include "host/linux_injection.h"

namespace offlab {
namespace {

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

}  // namespace

void LinuxFabric::create_bridge(const std::string& name, Mtu mtu, bool reachable) {
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

void LinuxFabric::add_address(const std::string& bridge, const std::string& address) {
  const std::string action = fmt::format("giving bridge '{}' the address {}", bridge, address);
  const Handle<nl_sock, nl_socket_free> socket(nl_socket_alloc());
  check_netlink(nl_connect(socket.get(), NETLINK_ROUTE), action);
  nl_addr* parsed = nullptr;
  check_netlink(nl_addr_parse(address.c_str(), AF_UNSPEC, &parsed), action);
  const Handle<nl_addr, nl_addr_put> local(parsed);
  const Handle<rtnl_addr, rtnl_addr_put> change(rtnl_addr_alloc());
  rtnl_addr_set_ifindex(change.get(), static_cast<int>(if_nametoindex(bridge.c_str())));
  rtnl_addr_set_local(change.get(), local.get());
  check_netlink(rtnl_addr_add(socket.get(), change.get(), 0), action);
}

void LinuxFabric::create_stage(const MergeStage& stage) {
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
  LinuxInjection().set_merging(stage.wire_port, stage.router_port, StageMode::pass);
}

void LinuxFabric::move_port(const std::string& tap, const std::string& bridge) {
  const std::string action = fmt::format("moving '{}' to bridge '{}'", tap, bridge);
  for (const std::string& name : {tap, bridge})
    if (if_nametoindex(name.c_str()) == 0) throw Error(fmt::format("{}: there is no '{}'", action, name));
  const Handle<nl_sock, nl_socket_free> socket(nl_socket_alloc());
  check_netlink(nl_connect(socket.get(), NETLINK_ROUTE), action);
  join(socket.get(), tap, bridge, action);
}

}  // namespace offlab
