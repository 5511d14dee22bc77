#include "config/complete_topology.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "model/path.h"

namespace offlab {
namespace {

// The names of the nodes between the ends of the flows when every node without a role and with two networks forwards.
std::set<std::string> nodes_between(const PlacedTopology& placed) {
  Topology all = placed.topology;
  for (std::size_t i = 0; i < all.nodes.size(); ++i) {
    const bool is_end = std::any_of(all.flows.begin(), all.flows.end(), [&](const Flow& flow) {
      return flow.from == all.nodes[i].name || flow.to == all.nodes[i].name;
    });
    if (!placed.nodes[i].has_role && all.nodes[i].interfaces.size() > 1 && !is_end)
      all.nodes[i].role = NodeRole::router;
  }
  std::set<std::string> between;
  for (const Flow& flow : all.flows)
    if (const auto path = flow_path(all, flow))
      for (const Hop& hop : *path) between.insert(hop.router);
  return between;
}

const Network* owner_of_prefix(const Topology& topology, const std::string& network, Family family) {
  for (const std::string& name : segment_of(topology, network))
    if (const Network* other = find_network(topology, name); prefix_of(*other, family)) return other;
  return nullptr;
}

void check_trunks(const PlacedTopology& placed, Mistakes& mistakes) {
  const Topology& topology = placed.topology;
  std::set<std::pair<std::string, unsigned>> tags;
  for (std::size_t i = 0; i < topology.networks.size(); ++i) {
    const Network& network = topology.networks[i];
    if (network.trunk.empty()) continue;
    const SourcePosition place = placed.networks[i].trunk;
    if (find_network(topology, network.trunk) != nullptr)
      mistakes.add(place,
                   fmt::format("'{}' is a network, and cannot be the trunk of '{}'", network.trunk, network.name),
                   "a trunk has a name of its own");
    if (network.vlan && !tags.emplace(network.trunk, *network.vlan).second)
      mistakes.add(place, fmt::format("trunk '{}' has the VLAN {} twice", network.trunk, *network.vlan));
  }
}

}  // namespace

void resolve_roles(PlacedTopology& placed) {
  const auto has_role = [](const NodePlaces& places) { return places.has_role; };
  if (std::all_of(placed.nodes.begin(), placed.nodes.end(), has_role)) return;
  const std::set<std::string> between = nodes_between(placed);
  for (std::size_t i = 0; i < placed.nodes.size(); ++i) {
    if (placed.nodes[i].has_role) continue;
    Node& node = placed.topology.nodes[i];
    const bool sends = std::any_of(placed.topology.flows.begin(), placed.topology.flows.end(),
                                   [&](const Flow& flow) { return flow.from == node.name; });
    node.role = between.count(node.name) != 0 ? NodeRole::router : sends ? NodeRole::server : NodeRole::client;
  }
}

void resolve_initiators(PlacedTopology& placed, Mistakes& mistakes) {
  Topology& topology = placed.topology;
  const auto is_client = [&](const std::string& name) {
    const Node* node = find_node(topology, name);
    return node != nullptr && node->role == NodeRole::client;
  };
  for (std::size_t i = 0; i < topology.flows.size(); ++i) {
    Flow& flow = topology.flows[i];
    const std::optional<std::string>& initiator = placed.flows[i].initiator_name;
    flow.sender_connects = initiator ? *initiator == flow.from : is_client(flow.from) && !is_client(flow.to);
    if (initiator && *initiator != flow.from && *initiator != flow.to)
      mistakes.add(placed.flows[i].initiator, fmt::format("'{}' is no end of flow '{}'", *initiator, flow.name),
                   fmt::format("'{}' or '{}'", flow.from, flow.to));
  }
}

void resolve_trunks(PlacedTopology& placed, Mistakes& mistakes) {
  check_trunks(placed, mistakes);
  for (std::size_t n = 0; n < placed.topology.nodes.size(); ++n) {
    Node& node = placed.topology.nodes[n];
    std::map<std::string, NicModel> models;  // of the NICs on trunks
    for (std::size_t i = 0; i < node.interfaces.size(); ++i) {
      Interface& interface = node.interfaces[i];
      const Network* network = find_network(placed.topology, interface.network);
      if (network == nullptr) continue;
      const InterfacePlaces& places = placed.nodes[n].interfaces[i];
      if (interface.own_nic && network->trunk.empty())
        mistakes.add(
            places.whole,
            fmt::format("network '{}' is on no trunk: each of its interfaces is a NIC of its own", network->name),
            "leave 'own_nic' out");
      if (network->trunk.empty()) continue;
      if (interface.vlan)
        mistakes.add(places.vlan, fmt::format("the tag of network '{}' is said where the network is", network->name));
      if (node.role == NodeRole::bridge)
        mistakes.add(places.network, fmt::format("a bridge has no interface on trunk '{}'", network->trunk));
      interface.vlan = network->vlan;
      if (interface.own_nic) continue;
      const auto [known, is_new] = models.try_emplace(network->trunk, interface.model);
      if (!is_new && known->second != interface.model)
        mistakes.add(places.whole,
                     fmt::format("'{}' has one NIC on trunk '{}', and two models for it", node.name, network->trunk));
      interface.device = network->trunk;
    }
  }
}

void complete_prefixes(PlacedTopology& placed, Mistakes& mistakes) {
  const Topology before = placed.topology;
  for (std::size_t i = 0; i < placed.networks.size(); ++i) {
    Network& network = placed.topology.networks[i];
    NetworkPlaces& places = placed.networks[i];
    if (!places.is_sound || network.name.empty()) continue;
    if (const Network* other = owner_of_prefix(before, network.name, Family::ipv4); other != nullptr && !network.ipv4)
      network.ipv4 = other->ipv4;
    if (const Network* other = owner_of_prefix(before, network.name, Family::ipv6); other != nullptr && !network.ipv6)
      network.ipv6 = other->ipv6;
    if (network.ipv4 || network.ipv6) continue;
    places.is_sound = false;
    mistakes.add(places.whole, "a network needs 'ipv4' or 'ipv6'", "ipv4 = \"198.18.1.0/24\"");
  }
}

}  // namespace offlab
