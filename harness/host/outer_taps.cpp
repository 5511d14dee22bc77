#include "host/outer_taps.h"

#include <cstring>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <net/if.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <sched.h>

#include "base/error.h"
#include "host/link_settings.h"
#include "host/linux_fabric.h"

namespace offlab {
namespace {

using Link = Handle<rtnl_link, rtnl_link_put>;
using Socket = Handle<nl_sock, nl_socket_free>;

// A socket stays in the namespace that it was opened in.
Socket open_socket_in(int network, const std::string& action) {
  Socket socket(nl_socket_alloc());
  int entered = 0;
  int connected = 0;
  std::thread([&] {
    entered = setns(network, CLONE_NEWNET);
    if (entered == 0) connected = nl_connect(socket.get(), NETLINK_ROUTE);
  }).join();
  if (entered != 0) throw Error(action + ": the host's network namespace cannot be entered");
  check_netlink(connected, action);
  return socket;
}

void bring_here(int network, const std::string& name, const std::string& action) {
  const Socket socket = open_socket_in(network, action);
  rtnl_link* found = nullptr;
  check_netlink(rtnl_link_get_kernel(socket.get(), 0, name.c_str(), &found), action);
  const Link link(found);
  const char* type = rtnl_link_get_type(link.get());
  if (type == nullptr || std::strcmp(type, "tun") != 0) throw Error(fmt::format("{}: it is no tap", action));
  const UniqueFd here(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  const Link change(rtnl_link_alloc());
  rtnl_link_set_ns_fd(change.get(), here.get());
  check_netlink(rtnl_link_change(socket.get(), link.get(), change.get(), 0), action);
}

// It is down, as it came.
void rename(const std::string& name, const std::string& tap, unsigned mtu, const std::string& action) {
  const Socket socket(nl_socket_alloc());
  check_netlink(nl_connect(socket.get(), NETLINK_ROUTE), action);
  const Link as_it_is(rtnl_link_alloc());
  rtnl_link_set_ifindex(as_it_is.get(), static_cast<int>(if_nametoindex(name.c_str())));
  const Link change(rtnl_link_alloc());
  rtnl_link_set_name(change.get(), tap.c_str());
  rtnl_link_set_mtu(change.get(), mtu);
  check_netlink(rtnl_link_change(socket.get(), as_it_is.get(), change.get(), 0), action);
}

}  // namespace

void OuterTaps::take(const std::string& name, const DomainNic& nic) const {
  const std::string action = fmt::format("taking tap '{}' ({}) into the lab", name, nic.tap);
  bring_here(network_.get(), name, action);
  const auto mtu = static_cast<unsigned>(std::stoul(read_setting(device_path(nic.bridge, "mtu"))));
  rename(name, nic.tap, mtu, action);
  LinuxFabric().move_port(nic.tap, nic.bridge);
  if (nic.isolated) write_setting(device_path(nic.tap, "brport/isolated"), "1");
}

}  // namespace offlab
