#include "plan/guest_commands.h"

#include <fmt/core.h>

namespace offlab {
namespace {

const NicPlan& nic_on(const NodePlan& plan, const std::string& network) {
  for (const NicPlan& nic : plan.nics)
    if (nic.network == network) return nic;
  return plan.nics.front();
}

void add_interface(std::vector<std::string>& commands, const Topology& topology, const Interface& interface,
                   const NicPlan& nic) {
  const std::string& name = interface.network;
  commands.push_back(
      fmt::format("for d in /sys/class/net/*; do if [ \"$(cat $d/address)\" = {} ]; then ip link set dev ${{d##*/}} "
                  "name {}; fi; done",
                  nic.mac, name));
  commands.push_back(fmt::format("sysctl -qw net.ipv6.conf.{}.accept_dad=0 net.ipv6.conf.{}.accept_ra=0", name, name));
  commands.push_back(fmt::format("ip link set dev {} mtu {} up", name, effective_mtu(topology, interface).bytes));
  const Network* network = find_network(topology, name);
  if (interface.ipv4)
    commands.push_back(
        fmt::format("ip address add {}/{} dev {}", to_string(*interface.ipv4), network->ipv4->length, name));
  if (interface.ipv6)
    commands.push_back(
        fmt::format("ip address add {}/{} dev {} nodad", to_string(*interface.ipv6), network->ipv6->length, name));
}

}  // namespace

std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan) {
  // A storm must not leave its slow-start threshold to the transfer after it.
  std::vector<std::string> commands = {"sysctl -qw net.ipv4.tcp_no_metrics_save=1"};
  for (const Interface& interface : node.interfaces)
    add_interface(commands, topology, interface, nic_on(plan, interface.network));
  // After the interfaces are up: forwarding clears LRO, and a vmxnet3 that comes up without LRO takes one buffer a
  // frame from then on, so that QEMU drops merged frames before the guest sees them. See docs/hazards.md.
  if (node.role == NodeRole::router)
    commands.emplace_back("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
  for (const Route& route : routes_of(topology, node))
    commands.push_back(fmt::format("ip route add {} via {}", to_string(route.destination), to_string(route.gateway)));
  return commands;
}

std::vector<std::string> leg_commands(const Topology& topology, const Node& node,
                                      const std::set<std::string>& varying_mtus) {
  std::vector<std::string> commands;
  for (const Interface& interface : node.interfaces) {
    if (varying_mtus.count(node.name + "/" + interface.network) == 0) continue;
    const std::string& name = interface.network;
    const auto bytes = effective_mtu(topology, interface).bytes;
    // A new MTU makes vmxnet3 come up again; with LRO on, as at boot (see configuration_commands).
    const std::string before =
        interface.model == NicModel::vmxnet3 ? fmt::format("ethtool -K {} lro on && ", name) : "";
    commands.push_back(fmt::format("[ $(cat /sys/class/net/{0}/mtu) = {1} ] || {{ {2}ip link set dev {0} mtu {1}; }}",
                                   name, bytes, before));
  }
  const Flow& flow = topology.flows.front();
  if (flow.from == node.name)
    commands.push_back(fmt::format("sysctl -qw net.ipv4.ip_no_pmtu_disc={}", flow.df ? 0 : 1));
  if (flow.from == node.name || flow.to == node.name) {
    commands.emplace_back("ip -4 route flush cache; ip -6 route flush cache");
    commands.emplace_back("ip tcp_metrics flush >/dev/null");
  }
  return commands;
}

}  // namespace offlab
