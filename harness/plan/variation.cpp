#include "plan/variation.h"

#include <algorithm>

namespace offlab {

void Variation::merge(Variation other) {
  mtus.merge(other.mtus);
  shaping.merge(other.shaping);
  streams.merge(other.streams);
}

unsigned streams_at(const Topology& topology, const std::string& node) {
  unsigned streams = 1;
  for (const Flow& flow : topology.flows)
    if (flow.from == node || flow.to == node) streams = std::max(streams, flow.streams);
  return streams;
}

Variation variation_between(const Topology& from, const Topology& to) {
  Variation variation;
  for (const Node& node : to.nodes) {
    const Node& before = *find_node(from, node.name);
    for (const Interface& interface : node.interfaces)
      if (effective_mtu(to, interface) != effective_mtu(from, *find_interface(before, interface.network)))
        variation.mtus.insert({node.name, interface.network});
    if (streams_at(from, node.name) != streams_at(to, node.name)) variation.streams.insert(node.name);
  }
  for (const Network& network : to.networks)
    if (find_network(from, network.name)->shaping != network.shaping) variation.shaping.insert(network.name);
  return variation;
}

}  // namespace offlab
