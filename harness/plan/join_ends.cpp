#include "plan/join_ends.h"

#include <fmt/core.h>

namespace offlab {
namespace {

// Before any rule and table of the guest's own (ip-rule(8)), but for its local addresses.
constexpr int rule_priority = 10;
constexpr int routing_table = 4711;

struct End {
  const Node& node;
  const NicPlan& nic;
  IpAddress address;
};

std::string host_prefix(const IpAddress& address) {
  return fmt::format("{}/{}", to_string(address), address.family == Family::ipv4 ? 32 : 128);
}

const char* ip_command(const IpAddress& address) {
  return address.family == Family::ipv4 ? "ip -4" : "ip -6";
}

// Where both ends have a VLAN tag of their own, neither would see what the other asks for: nobody asks.
step::RunCommands way_to(const End& peer, const End& from) {
  const char* ip = ip_command(peer.address);
  // A container's address is not the node's to send from.
  const bool is_own = !from.node.container || from.node.container->nat;
  const std::string table =
      fmt::format("dev {}{} table {}", from.nic.device, is_own ? " src " + to_string(from.address) : "", routing_table);
  std::vector<std::string> commands = {
      fmt::format("ip neigh replace {} lladdr {} dev {} nud permanent", to_string(peer.address), peer.nic.mac,
                  from.nic.device),
      fmt::format("{} route add {} {}", ip, host_prefix(peer.address), table),
      fmt::format("{} rule add pref {} to {} lookup {}", ip, rule_priority, host_prefix(peer.address), routing_table)};
  if (const auto prefix = prefix_of(peer.node.pool, peer.address.family)) {
    commands.push_back(
        fmt::format("{} route add {} via {} onlink {}", ip, to_string(*prefix), to_string(peer.address), table));
    commands.push_back(
        fmt::format("{} rule add pref {} to {} lookup {}", ip, rule_priority, to_string(*prefix), routing_table));
  }
  return {from.node.name, "a way to the other end without the routers", std::move(commands)};
}

step::RunCommands without_way(const End& peer, const End& from) {
  const char* ip = ip_command(peer.address);
  return {from.node.name,
          "no way without the routers",
          {fmt::format("while {0} rule del pref {1} 2> /dev/null; do :; done; {0} route flush table {2} 2> /dev/null; "
                       "ip neigh del {3} dev {4} 2> /dev/null; true",
                       ip, rule_priority, routing_table, to_string(peer.address), from.nic.device)}};
}

}  // namespace

step::JoinEnds join_ends(const IntentMaker& intents, const Topology& topology, const LegIntent& intent) {
  const std::string& entry = intent.hops.front().hop.ingress;
  const std::string& exit = intent.hops.back().hop.egress;
  const End sender{*find_node(topology, intent.flow.from), intents.plan_of({intent.flow.from, entry}), intent.source};
  const End receiver{*find_node(topology, intent.flow.to), intents.plan_of({intent.flow.to, exit}), intent.destination};
  return {.tap = sender.nic.tap,
          .bridge = receiver.nic.bridge,
          .home = sender.nic.bridge,
          .join = {way_to(receiver, sender), way_to(sender, receiver)},
          .part = {without_way(receiver, sender), without_way(sender, receiver)}};
}

}  // namespace offlab
