#include "model/path.h"

#include <algorithm>
#include <deque>
#include <map>

namespace offlab {
namespace {

// How a network is reached: over which device, coming from which network.
struct Step {
  const Node* device = nullptr;
  std::string from;
};

using Reached = std::map<std::string, Step>;

bool any_device(const Node& node) {
  return is_device_under_test(node);
}

bool only_bridges(const Node& node) {
  return node.role == NodeRole::bridge;
}

// Breadth-first search over networks; the nodes that `passes` are the edges. The start networks map to an empty Step.
Reached search(const Topology& topology, const std::vector<std::string>& start, bool (*passes)(const Node&),
               std::string_view without = {}) {
  Reached reached;
  std::deque<std::string> queue;
  for (const std::string& network : start)
    if (reached.try_emplace(network).second) queue.push_back(network);
  while (!queue.empty()) {
    const std::string network = queue.front();
    queue.pop_front();
    for (const Node& node : topology.nodes) {
      if (!passes(node) || node.name == without || find_interface(node, network) == nullptr) continue;
      for (const Interface& next : node.interfaces)
        if (reached.try_emplace(next.network, Step{&node, network}).second) queue.push_back(next.network);
    }
  }
  return reached;
}

std::vector<std::string> networks_of(const Node& node) {
  std::vector<std::string> networks;
  for (const Interface& interface : node.interfaces) networks.push_back(interface.network);
  return networks;
}

Reached search_from(const Topology& topology, const Node& start) {
  return search(topology, networks_of(start), any_device, start.name);
}

std::vector<Hop> walk_back(const Reached& reached, std::string network) {
  std::vector<Hop> hops;
  for (const Step* step = &reached.at(network); step->device != nullptr; step = &reached.at(network)) {
    hops.push_back({step->device->name, step->from, network});
    network = step->from;
  }
  std::reverse(hops.begin(), hops.end());
  return hops;
}

std::optional<std::vector<Hop>> shortest_path(const Topology& topology, const Node& from, const Node& to) {
  const Reached reached = search_from(topology, from);
  std::optional<std::vector<Hop>> best;
  for (const Interface& interface : to.interfaces) {
    if (reached.count(interface.network) == 0) continue;
    std::vector<Hop> hops = walk_back(reached, interface.network);
    if (!best || hops.size() < best->size()) best = std::move(hops);
  }
  return best;
}

// The address of the first router on the way to the network; nothing when the network is on the node's own segment or
// out of reach.
std::optional<IpAddress> gateway_to(const Topology& topology, const Reached& reached, const std::string& network,
                                    Family family) {
  if (reached.count(network) == 0) return std::nullopt;
  for (const Hop& hop : walk_back(reached, network)) {
    const Node& device = *find_node(topology, hop.router);
    if (device.role == NodeRole::router) return address_of(*find_interface(device, hop.ingress), family);
  }
  return std::nullopt;
}

// What is routed to the node itself: its pool, or a container that others see.
std::optional<IpPrefix> prefix_behind(const Node& node, Family family) {
  if (node.pool.count > 0) return prefix_of(node.pool, family);
  return node.container && !node.container->nat ? prefix_of(*node.container, family) : std::nullopt;
}

// The same for a prefix behind `target`: its own address when it is on the node's segment.
std::optional<IpAddress> gateway_to_node(const Topology& topology, const Reached& reached, const Node& target,
                                         Family family) {
  std::optional<IpAddress> best;
  std::size_t best_hops = 0;
  for (const Interface& interface : target.interfaces) {
    const auto own = address_of(interface, family);
    if (!own || reached.count(interface.network) == 0) continue;
    const std::size_t hops = walk_back(reached, interface.network).size();
    if (best && hops >= best_hops) continue;
    const auto gateway = gateway_to(topology, reached, interface.network, family);
    best = gateway ? gateway : own;
    best_hops = hops;
  }
  return best;
}

struct Port {
  const Node* node = nullptr;
  std::string network;
};

Port owner_of(const Topology& topology, const IpAddress& address) {
  for (const Node& node : topology.nodes)
    for (const Interface& interface : node.interfaces)
      for (const Family family : {Family::ipv4, Family::ipv6})
        if (address_of(interface, family) == address || end_address(node, interface, family) == address)
          return {&node, interface.network};
  return {};
}

// Where a packet for `target` goes next from `node`: to the owner of the longest matching route's gateway, or to the
// target itself when it is on one of the node's segments.
Port next_port(const Topology& topology, const Node& node, const Port& last, const IpAddress& target) {
  const Reached segment = search(topology, networks_of(node), only_bridges);
  if (segment.count(last.network) != 0) return last;
  const Route* best = nullptr;
  const std::vector<Route> routes = routes_of(topology, node);
  for (const Route& route : routes)
    if (contains(route.destination, target) && (best == nullptr || route.destination.length > best->destination.length))
      best = &route;
  return best == nullptr ? Port{} : owner_of(topology, best->gateway);
}

// Follows the routes from node to node. Nothing when they lead nowhere, or in a circle.
std::optional<std::vector<Hop>> routed_path(const Topology& topology, const Node& from, const Node& to,
                                            const IpAddress& target) {
  const Port last = owner_of(topology, target);
  std::vector<Hop> hops;
  const Node* at = &from;
  std::string router;  // the one that packets are in, and where they came into it
  std::string ingress;
  while (hops.size() <= topology.nodes.size()) {
    const Port next = next_port(topology, *at, last, target);
    if (next.node == nullptr) return std::nullopt;
    const Reached segment = search(topology, networks_of(*at), only_bridges);
    if (segment.count(next.network) == 0) return std::nullopt;
    const std::vector<Hop> bridges = walk_back(segment, next.network);
    const std::string egress = bridges.empty() ? next.network : bridges.front().ingress;
    if (!router.empty()) hops.push_back({router, ingress, egress});
    hops.insert(hops.end(), bridges.begin(), bridges.end());
    if (next.node == &to) return hops;
    if (next.node->role != NodeRole::router) return std::nullopt;
    at = next.node;
    router = at->name;
    ingress = next.network;
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> segment_of(const Topology& topology, const std::string& network) {
  const Reached reached = search(topology, {network}, only_bridges);
  std::vector<std::string> segment;
  for (const Network& one : topology.networks)
    if (reached.count(one.name) != 0) segment.push_back(one.name);
  return segment;
}

std::optional<std::vector<Hop>> flow_path(const Topology& topology, const Flow& flow) {
  const Node* from = find_node(topology, flow.from);
  const Node* to = find_node(topology, flow.to);
  if (from == nullptr || to == nullptr) return std::nullopt;
  auto shortest = shortest_path(topology, *from, *to);
  const bool given =
      std::any_of(topology.nodes.begin(), topology.nodes.end(), [](const Node& node) { return !node.routes.empty(); });
  if (!shortest || !given) return shortest;
  const std::string last = shortest->empty() ? to->interfaces.front().network : shortest->back().egress;
  const auto target = end_address(*to, *find_interface(*to, last), flow.family);
  return target ? routed_path(topology, *from, *to, *target) : shortest;
}

std::optional<IpAddress> background_address(const Topology& topology, const std::string& network) {
  constexpr std::uint32_t looked_at = 1024;
  const auto prefix = find_network(topology, network)->ipv4;
  if (!prefix) return std::nullopt;
  const auto is_taken = [&](const IpAddress& address) {
    return std::any_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& node) {
      return std::any_of(node.interfaces.begin(), node.interfaces.end(),
                         [&](const Interface& interface) { return interface.ipv4 == address; });
    });
  };
  const std::uint64_t size = std::uint64_t{1} << static_cast<unsigned>(32 - prefix->length);
  for (std::uint64_t index = size - 1; index > 0 && size - index <= looked_at; --index)
    if (const auto address = host_address(*prefix, static_cast<std::uint32_t>(index)); address && !is_taken(*address))
      return address;
  return std::nullopt;
}

std::vector<Route> routes_of(const Topology& topology, const Node& node) {
  std::vector<Route> routes = node.routes;
  if (node.role == NodeRole::bridge) return routes;  // it has no addresses
  const auto add = [&](const IpPrefix& destination, const IpAddress& gateway) {
    const bool known =
        std::any_of(routes.begin(), routes.end(), [&](const Route& route) { return route.destination == destination; });
    if (!known) routes.push_back({destination, gateway});
  };
  const Reached reached = search_from(topology, node);
  for (const Network& network : topology.networks)
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      const auto prefix = prefix_of(network, family);
      const auto gateway = prefix ? gateway_to(topology, reached, network.name, family) : std::nullopt;
      if (gateway) add(*prefix, *gateway);
    }
  for (const Node& many : topology.nodes) {
    if (many.name == node.name) continue;
    for (const Family family : {Family::ipv4, Family::ipv6}) {
      const auto prefix = prefix_behind(many, family);
      const auto gateway = prefix ? gateway_to_node(topology, reached, many, family) : std::nullopt;
      if (gateway) add(*prefix, *gateway);
    }
  }
  return routes;
}

}  // namespace offlab
