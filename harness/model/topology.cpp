#include "model/topology.h"

#include <algorithm>
#include <array>
#include <deque>

namespace offlab {
namespace {

template <typename Items>
auto* find_named(Items& items, std::string_view name) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const auto& item) { return item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

template <typename Enum, std::size_t N>
std::optional<Enum> parse_word(std::string_view text, const std::array<Enum, N>& values) {
  for (const Enum value : values)
    if (to_string(value) == text) return value;
  return std::nullopt;
}

// How a network is reached: over which router, coming from which network.
struct Step {
  const Node* router = nullptr;
  std::string from;
};

// Breadth-first search over networks; routers are the edges. The start networks map to an empty Step.
std::map<std::string, Step> search(const Topology& topology, const Node& start) {
  std::map<std::string, Step> reached;
  std::deque<std::string> queue;
  for (const Interface& interface : start.interfaces)
    if (reached.try_emplace(interface.network).second) queue.push_back(interface.network);
  while (!queue.empty()) {
    const std::string network = queue.front();
    queue.pop_front();
    for (const Node& node : topology.nodes) {
      if (node.role != NodeRole::router || node.name == start.name || find_interface(node, network) == nullptr)
        continue;
      for (const Interface& next : node.interfaces)
        if (reached.try_emplace(next.network, Step{&node, network}).second) queue.push_back(next.network);
    }
  }
  return reached;
}

std::vector<Hop> walk_back(const std::map<std::string, Step>& reached, std::string network) {
  std::vector<Hop> hops;
  for (const Step* step = &reached.at(network); step->router != nullptr; step = &reached.at(network)) {
    hops.push_back({step->router->name, step->from, network});
    network = step->from;
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

}  // namespace

std::string_view to_string(NodeRole role) {
  switch (role) {
    case NodeRole::client:
      return "client";
    case NodeRole::router:
      return "router";
    case NodeRole::server:
      return "server";
  }
  return "?";
}

std::string_view to_string(NicModel model) {
  switch (model) {
    case NicModel::virtio:
      return "virtio";
    case NicModel::vmxnet3:
      return "vmxnet3";
    case NicModel::e1000:
      return "e1000";
    case NicModel::e1000e:
      return "e1000e";
  }
  return "?";
}

std::optional<NodeRole> parse_node_role(std::string_view text) {
  return parse_word(text, std::array{NodeRole::client, NodeRole::router, NodeRole::server});
}

std::optional<NicModel> parse_nic_model(std::string_view text) {
  return parse_word(text, std::array{NicModel::virtio, NicModel::vmxnet3, NicModel::e1000, NicModel::e1000e});
}

const Network* find_network(const Topology& topology, std::string_view name) {
  return find_named(topology.networks, name);
}
Network* find_network(Topology& topology, std::string_view name) {
  return find_named(topology.networks, name);
}
const Node* find_node(const Topology& topology, std::string_view name) {
  return find_named(topology.nodes, name);
}
Node* find_node(Topology& topology, std::string_view name) {
  return find_named(topology.nodes, name);
}

const Interface* find_interface(const Node& node, std::string_view network) {
  const auto found = std::find_if(node.interfaces.begin(), node.interfaces.end(),
                                  [&](const Interface& interface) { return interface.network == network; });
  return found == node.interfaces.end() ? nullptr : &*found;
}

Mtu effective_mtu(const Topology& topology, const Interface& interface) {
  if (interface.mtu) return *interface.mtu;
  const Network* network = find_network(topology, interface.network);
  return network == nullptr ? Mtu{} : network->mtu;
}

std::optional<IpAddress> address_of(const Interface& interface, Family family) {
  return family == Family::ipv4 ? interface.ipv4 : interface.ipv6;
}

std::optional<std::vector<Hop>> flow_path(const Topology& topology, const Flow& flow) {
  const Node* from = find_node(topology, flow.from);
  const Node* to = find_node(topology, flow.to);
  if (from == nullptr || to == nullptr) return std::nullopt;
  const auto reached = search(topology, *from);
  std::optional<std::vector<Hop>> best;
  for (const Interface& interface : to->interfaces) {
    if (reached.count(interface.network) == 0) continue;
    std::vector<Hop> hops = walk_back(reached, interface.network);
    if (!best || hops.size() < best->size()) best = std::move(hops);
  }
  return best;
}

std::vector<Route> routes_of(const Topology& topology, const Node& node) {
  std::vector<Route> routes;
  const auto reached = search(topology, node);
  for (const Network& network : topology.networks) {
    const auto found = reached.find(network.name);
    if (found == reached.end() || found->second.router == nullptr) continue;
    const Hop first = walk_back(reached, network.name).front();
    const Interface* gateway = find_interface(*find_node(topology, first.router), first.ingress);
    if (network.ipv4 && gateway->ipv4) routes.push_back({*network.ipv4, *gateway->ipv4});
    if (network.ipv6 && gateway->ipv6) routes.push_back({*network.ipv6, *gateway->ipv6});
  }
  return routes;
}

}  // namespace offlab
