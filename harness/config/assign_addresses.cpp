#include "config/assign_addresses.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace offlab {
namespace {

using Slot = std::optional<IpAddress>*;

// The address fields of one family on one network, in the order in which they are served.
std::vector<Slot> address_slots(Topology& topology, const std::string& network, Family family) {
  std::vector<Slot> slots;
  for (const bool routers : {true, false})
    for (Node& node : topology.nodes)
      for (Interface& interface : node.interfaces)
        if ((node.role == NodeRole::router) == routers && interface.network == network)
          slots.push_back(family == Family::ipv4 ? &interface.ipv4 : &interface.ipv6);
  return slots;
}

// False when the prefix has too few addresses.
bool fill(const std::vector<Slot>& slots, const IpPrefix& prefix) {
  std::set<IpAddress> taken;
  for (const Slot slot : slots)
    if (*slot) taken.insert(**slot);
  std::uint32_t index = 1;
  for (const Slot slot : slots) {
    if (*slot) continue;
    auto address = host_address(prefix, index++);
    while (address && taken.count(*address) != 0) address = host_address(prefix, index++);
    if (!address) return false;
    *slot = address;
  }
  return true;
}

}  // namespace

void assign_addresses(PlacedTopology& placed, Mistakes& mistakes) {
  for (std::size_t i = 0; i < placed.topology.networks.size(); ++i) {
    const Network network = placed.topology.networks[i];
    for (const auto& [prefix, position] :
         {std::pair(network.ipv4, placed.networks[i].ipv4), {network.ipv6, placed.networks[i].ipv6}}) {
      if (!prefix) continue;
      const std::vector<Slot> slots = address_slots(placed.topology, network.name, prefix->address.family);
      if (!fill(slots, *prefix))
        mistakes.add(position,
                     fmt::format("{} has no room for the {} interfaces of network '{}'", to_string(*prefix),
                                 slots.size(), network.name),
                     "choose a shorter prefix length");
    }
  }
}

}  // namespace offlab
