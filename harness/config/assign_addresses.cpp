#include "config/assign_addresses.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "model/path.h"

namespace offlab {
namespace {

using Slot = std::optional<IpAddress>*;

// The address fields of one family on one segment, in the order in which they are served.
std::vector<Slot> address_slots(Topology& topology, const std::vector<std::string>& segment, Family family) {
  std::vector<Slot> slots;
  for (const bool routers : {true, false})
    for (Node& node : topology.nodes)
      for (Interface& interface : node.interfaces)
        if (node.role != NodeRole::bridge && (node.role == NodeRole::router) == routers &&
            std::find(segment.begin(), segment.end(), interface.network) != segment.end())
          slots.push_back(family == Family::ipv4 ? &interface.ipv4 : &interface.ipv6);
  return slots;
}

// False when the prefix has too few addresses.
bool fill(const std::vector<Slot>& slots, const IpPrefix& prefix) {
  std::set<IpAddress> taken;
  for (const std::optional<IpAddress>* slot : slots)
    if (*slot) taken.insert(**slot);
  std::uint32_t index = 1;
  for (std::optional<IpAddress>* slot : slots) {
    if (*slot) continue;
    auto address = host_address(prefix, index++);
    while (address && taken.count(*address) != 0) address = host_address(prefix, index++);
    if (!address) return false;
    *slot = address;
  }
  return true;
}

// The shortest prefix that holds `count` addresses beside its first and last.
int pool_length(unsigned count) {
  int bits = 1;
  while ((1U << static_cast<unsigned>(bits)) < count + 2) ++bits;
  return 32 - bits;
}

bool is_free(const Topology& topology, const IpPrefix& prefix) {
  return std::none_of(topology.networks.begin(), topology.networks.end(),
                      [&](const Network& network) {
                        const auto own = prefix_of(network, prefix.address.family);
                        return own && overlap(*own, prefix);
                      }) &&
         std::none_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& node) {
           const Family family = prefix.address.family;
           const auto own = prefix_of(node.pool, family);
           const auto of_container = node.container ? prefix_of(*node.container, family) : std::nullopt;
           return (own && overlap(*own, prefix)) || (of_container && overlap(*of_container, prefix));
         });
}

// Downwards from the end of 198.18.0.0/15, so that networks written from its beginning stay clear.
std::optional<IpPrefix> free_ipv4_pool(const Topology& topology, unsigned count) {
  const int length = pool_length(count);
  const std::uint32_t size = 1U << static_cast<unsigned>(32 - length);
  for (std::uint32_t base = 0xc6140000U - size; base >= 0xc6120000U; base -= size) {
    IpPrefix prefix{{Family::ipv4, {}}, length};
    for (std::size_t i = 0; i < 4; ++i) prefix.address.bytes[i] = static_cast<std::uint8_t>(base >> (24U - 8 * i));
    if (is_free(topology, prefix)) return prefix;
  }
  return std::nullopt;
}

// 2001:2:0:ffff::/64, and downwards.
std::optional<IpPrefix> free_ipv6_pool(const Topology& topology) {
  for (std::uint32_t subnet = 0xffff; subnet > 0; --subnet) {
    const auto prefix = parse_prefix(fmt::format("2001:2:0:{:x}::/64", subnet));
    if (prefix && is_free(topology, *prefix)) return prefix;
  }
  return std::nullopt;
}

bool has_family(const Topology& topology, const Node& node, Family family) {
  return std::any_of(node.interfaces.begin(), node.interfaces.end(), [&](const Interface& interface) {
    const Network* network = find_network(topology, interface.network);
    return network != nullptr && prefix_of(*network, family).has_value();
  });
}

void check_prefix_behind(const Topology& topology, const Node& node, const IpPrefix& pool, unsigned count,
                         SourcePosition position, Mistakes& mistakes) {
  Topology others = topology;
  find_node(others, node.name)->pool = {};
  find_node(others, node.name)->container.reset();
  if (!is_benchmark_range(pool))
    mistakes.add(position, fmt::format("{} is not reserved for benchmarking", to_string(pool)),
                 "a part of 198.18.0.0/15 or 2001:2::/48");
  else if (!is_free(others, pool))
    mistakes.add(position, fmt::format("{} overlaps another prefix of the file", to_string(pool)));
  else if (!host_address(pool, count))
    mistakes.add(position, fmt::format("{} has no room for {} addresses", to_string(pool), count));
}

void assign_pools(PlacedTopology& placed, Mistakes& mistakes) {
  Topology& topology = placed.topology;
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    Node& node = topology.nodes[i];
    if (node.pool.count == 0) continue;
    const SourcePosition position = placed.nodes[i].pool;
    if (is_device_under_test(node)) mistakes.add(position, "a device under test cannot stand for many nodes");
    if (!node.pool.ipv4 && has_family(topology, node, Family::ipv4)) {
      node.pool.ipv4 = free_ipv4_pool(topology, node.pool.count);
      if (!node.pool.ipv4) mistakes.add(position, "198.18.0.0/15 has no room left for so many addresses");
    }
    if (!node.pool.ipv6 && has_family(topology, node, Family::ipv6)) node.pool.ipv6 = free_ipv6_pool(topology);
    for (const auto& pool : {node.pool.ipv4, node.pool.ipv6})
      if (pool) check_prefix_behind(topology, node, *pool, node.pool.count, position, mistakes);
  }
}

void assign_containers(PlacedTopology& placed, Mistakes& mistakes) {
  constexpr unsigned addresses = 2;  // the node's end, and its own
  Topology& topology = placed.topology;
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    Node& node = topology.nodes[i];
    if (!node.container) continue;
    Container& container = *node.container;
    const SourcePosition position = placed.nodes[i].container;
    if (is_device_under_test(node))
      mistakes.add(position, "a device under test has no container", "flows begin and end in clients and servers");
    if (node.pool.count > 0) mistakes.add(position, "a node that stands for many has no container");
    if (!container.ipv4 && has_family(topology, node, Family::ipv4))
      container.ipv4 = free_ipv4_pool(topology, addresses);
    if (!container.ipv6 && has_family(topology, node, Family::ipv6)) container.ipv6 = free_ipv6_pool(topology);
    for (const Family family : {Family::ipv4, Family::ipv6})
      if (has_family(topology, node, family) && !prefix_of(container, family))
        mistakes.add(position, fmt::format("no {} prefix is left for the container", to_string(family)),
                     "choose longer prefix lengths for the networks");
    for (const auto& prefix : {container.ipv4, container.ipv6})
      if (prefix) check_prefix_behind(topology, node, *prefix, addresses, position, mistakes);
  }
}

}  // namespace

void assign_addresses(PlacedTopology& placed, Mistakes& mistakes) {
  for (std::size_t i = 0; i < placed.topology.networks.size(); ++i) {
    const Network network = placed.topology.networks[i];
    for (const auto& [prefix, position] :
         {std::pair(network.ipv4, placed.networks[i].ipv4), {network.ipv6, placed.networks[i].ipv6}}) {
      if (!prefix) continue;
      const std::vector<Slot> slots =
          address_slots(placed.topology, segment_of(placed.topology, network.name), prefix->address.family);
      if (!fill(slots, *prefix))
        mistakes.add(position,
                     fmt::format("{} has no room for the {} interfaces of network '{}'", to_string(*prefix),
                                 slots.size(), network.name),
                     "choose a shorter prefix length");
    }
  }
  assign_pools(placed, mistakes);
  assign_containers(placed, mistakes);
}

}  // namespace offlab
