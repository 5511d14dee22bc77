#include "config/check_existing.h"

#include <algorithm>

#include <fmt/core.h>

namespace offlab {

void check_existing(PlacedTopology& placed, Mistakes& mistakes) {
  const std::vector<Node>& nodes = placed.topology.nodes;
  const auto first =
      std::find_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.existing.has_value(); });
  if (first == nodes.end()) {
    if (const std::string trouble = trouble_with_existing(placed.topology); !trouble.empty())
      mistakes.add({1, 1}, trouble);
    return;
  }
  if (const std::string trouble = trouble_with_existing(placed.topology); !trouble.empty())
    mistakes.add(placed.nodes[static_cast<std::size_t>(first - nodes.begin())].whole, trouble);
  for (NetworkPlaces& network : placed.networks) network.deployed = true;
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    if (nodes[n].role == NodeRole::bridge) continue;
    for (std::size_t i = 0; i < nodes[n].interfaces.size(); ++i) {
      const Interface& interface = nodes[n].interfaces[i];
      const Network* network = find_network(placed.topology, interface.network);
      if (network == nullptr) continue;
      for (const Family family : {Family::ipv4, Family::ipv6})
        if (prefix_of(*network, family) && !address_of(interface, family))
          mistakes.add(
              placed.nodes[n].interfaces[i].whole,
              fmt::format("'{}' exists already: its {} address on '{}' must be stated", nodes[n].name,
                          family == Family::ipv4 ? "IPv4" : "IPv6", interface.network),
              fmt::format("{} = \"...\", or a network without that prefix", family == Family::ipv4 ? "ipv4" : "ipv6"));
    }
  }
}

}  // namespace offlab
