#include "config/check_routes.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {
namespace {

bool has_neighbour(const Topology& topology, const Node& node, const IpAddress& address) {
  return std::any_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& other) {
    return other.name != node.name && other.role == NodeRole::router &&
           std::any_of(other.interfaces.begin(), other.interfaces.end(), [&](const Interface& interface) {
             return (interface.ipv4 == address || interface.ipv6 == address) &&
                    find_interface(node, interface.network) != nullptr;
           });
  });
}

}  // namespace

void check_routes(const PlacedTopology& placed, Mistakes& mistakes) {
  const Topology& topology = placed.topology;
  for (std::size_t n = 0; n < topology.nodes.size(); ++n) {
    const Node& node = topology.nodes[n];
    for (std::size_t r = 0; r < node.routes.size(); ++r) {
      const IpAddress& gateway = node.routes[r].gateway;
      if (has_neighbour(topology, node, gateway)) continue;
      mistakes.add(placed.nodes[n].routes[r],
                   fmt::format("no router on a network of '{}' has the address {}", node.name, to_string(gateway)),
                   "addresses are given out in file order, routers first; a node can set its own");
    }
  }
}

}  // namespace offlab
