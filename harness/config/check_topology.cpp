#include "config/check_topology.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/core.h>

#include "model/path.h"

namespace offlab {
namespace {

constexpr std::size_t longest_interface_name = 15;  // IFNAMSIZ less the final zero

template <typename Item>
std::string hint_among(std::string_view name, const std::vector<Item>& items) {
  std::vector<std::string> names;
  for (const Item& item : items)
    if (!item.name.empty()) names.push_back(item.name);
  return hint_for(name, names);
}

// Settings name networks, nodes and flows by their first word, so the three share one set of names.
void check_names(const PlacedTopology& placed, Mistakes& mistakes) {
  struct Owner {
    std::string kind;
    SourcePosition position;
  };
  std::map<std::string, Owner> owners;
  const auto claim = [&](const std::string& name, const std::string& kind, SourcePosition position) {
    if (name.empty()) return;
    const auto [owner, is_new] = owners.try_emplace(name, Owner{kind, position});
    if (is_new) return;
    mistakes.add(position, fmt::format("the name '{}' is already taken by a {}", name, owner->second.kind),
                 fmt::format("see line {}", owner->second.position.line));
  };
  const Topology& topology = placed.topology;
  for (std::size_t i = 0; i < topology.networks.size(); ++i)
    claim(topology.networks[i].name, "network", placed.networks[i].name);
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) claim(topology.nodes[i].name, "node", placed.nodes[i].name);
  for (std::size_t i = 0; i < topology.flows.size(); ++i) claim(topology.flows[i].name, "flow", placed.flows[i].name);
}

using PlacedPrefix = std::pair<IpPrefix, SourcePosition>;

void check_prefixes(const PlacedTopology& placed, Mistakes& mistakes) {
  std::vector<std::pair<PlacedPrefix, std::string>> seen;  // with the network's name
  for (std::size_t i = 0; i < placed.topology.networks.size(); ++i) {
    const Network& network = placed.topology.networks[i];
    for (const auto& [prefix, position] :
         {std::pair(network.ipv4, placed.networks[i].ipv4), {network.ipv6, placed.networks[i].ipv6}}) {
      if (!prefix) continue;
      if (!placed.networks[i].deployed && !is_benchmark_range(*prefix))
        mistakes.add(position, fmt::format("{} is not reserved for benchmarking", to_string(*prefix)),
                     "a part of 198.18.0.0/15 or 2001:2::/48; deployed = true, where a router has these addresses "
                     "already");
      const std::vector<std::string> segment = segment_of(placed.topology, network.name);
      for (const auto& [other, name] : seen)
        if (overlap(*prefix, other.first) &&
            (*prefix != other.first || std::find(segment.begin(), segment.end(), name) == segment.end()))
          mistakes.add(position,
                       fmt::format("{} overlaps {} of network '{}'", to_string(*prefix), to_string(other.first), name),
                       fmt::format("see line {}", other.second.line));
      seen.push_back({{*prefix, position}, network.name});
    }
  }
}

// The network itself and, in IPv4, its broadcast address.
bool is_reserved_address(const IpPrefix& prefix, const IpAddress& address) {
  const int bits = address.family == Family::ipv4 ? 32 : 128;
  if (bits - prefix.length < 2) return false;
  if (address == prefix.address) return true;
  if (address.family == Family::ipv6) return false;
  for (int bit = prefix.length; bit < bits; ++bit)
    if ((address.bytes[static_cast<std::size_t>(bit / 8)] & (0x80U >> (bit % 8))) == 0) return false;
  return true;
}

void check_address(const Network& network, const std::optional<IpAddress>& address, SourcePosition position,
                   std::map<IpAddress, SourcePosition>& taken, Mistakes& mistakes) {
  if (!address) return;
  const bool is_v4 = address->family == Family::ipv4;
  const auto& prefix = is_v4 ? network.ipv4 : network.ipv6;
  const std::string text = to_string(*address);
  if (!prefix)
    mistakes.add(position, fmt::format("network '{}' has no {} prefix", network.name, is_v4 ? "ipv4" : "ipv6"));
  else if (!contains(*prefix, *address))
    mistakes.add(position, fmt::format("{} is not inside {} of network '{}'", text, to_string(*prefix), network.name));
  else if (is_reserved_address(*prefix, *address))
    mistakes.add(position, fmt::format("{} is no host address of {}", text, to_string(*prefix)));
  const auto [other, is_new] = taken.try_emplace(*address, position);
  if (!is_new)
    mistakes.add(position, fmt::format("the address {} is already taken", text),
                 fmt::format("see line {}", other->second.line));
}

// What an interface may ask for, by its node's role and its NIC.
void check_kind(const Node& node, const Interface& interface, const InterfacePlaces& places, Mistakes& mistakes) {
  if (node.role == NodeRole::bridge && (interface.ipv4 || interface.ipv6))
    mistakes.add(interface.ipv4 ? places.ipv4 : places.ipv6, "the interfaces of a bridge have no addresses");
  if (node.role == NodeRole::bridge && interface.vlan)
    mistakes.add(places.vlan, "a bridge passes tagged frames as they are; its interfaces have no VLAN of their own");
  if (interface.vlan && addressed_device(interface).size() > longest_interface_name)
    mistakes.add(places.vlan,
                 fmt::format("the interface '{}' would be longer than {} characters", addressed_device(interface),
                             longest_interface_name),
                 "choose a shorter name for the network");
}

// Interfaces on one network that have different tags would not see each other.
void check_vlans(const PlacedTopology& placed, Mistakes& mistakes) {
  const Topology& topology = placed.topology;
  std::map<std::string, std::pair<std::optional<unsigned>, std::string>> seen;  // network -> tag, node
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    if (topology.nodes[i].role == NodeRole::bridge) continue;
    for (std::size_t j = 0; j < topology.nodes[i].interfaces.size(); ++j) {
      const Interface& interface = topology.nodes[i].interfaces[j];
      const auto [other, is_new] =
          seen.try_emplace(interface.network, std::pair(interface.vlan, topology.nodes[i].name));
      if (!is_new && other->second.first != interface.vlan)
        mistakes.add(placed.nodes[i].interfaces[j].whole,
                     fmt::format("'{}' and '{}' have different VLANs on network '{}' and would not see each other",
                                 topology.nodes[i].name, other->second.second, interface.network));
    }
  }
}

// Only ends are shaped: a queue on a device under test would change what is tested.
void check_shaping(const PlacedTopology& placed, Mistakes& mistakes) {
  const Topology& topology = placed.topology;
  for (std::size_t i = 0; i < topology.networks.size(); ++i) {
    const Network& network = topology.networks[i];
    const bool has_end = std::any_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& node) {
      return !is_device_under_test(node) && find_interface(node, network.name) != nullptr;
    });
    if (network.shaping != Shaping{} && !has_end)
      mistakes.add(placed.networks[i].shaping,
                   fmt::format("network '{}' has no client or server that could be held back", network.name),
                   "rate, delay, loss and queue are applied where the ends send; a device under test is left alone");
    if (const std::string problem = shaping_problem(network); !problem.empty())
      mistakes.add(placed.networks[i].shaping, problem, queue_hint);
  }
}

void check_interfaces(const PlacedTopology& placed, Mistakes& mistakes) {
  const Topology& topology = placed.topology;
  std::map<IpAddress, SourcePosition> taken;
  for (std::size_t i = 0; i < topology.nodes.size(); ++i) {
    std::set<std::string> attached;
    for (std::size_t j = 0; j < topology.nodes[i].interfaces.size(); ++j) {
      const Interface& interface = topology.nodes[i].interfaces[j];
      const InterfacePlaces& places = placed.nodes[i].interfaces[j];
      if (interface.network.empty()) continue;
      const Network* network = find_network(topology, interface.network);
      if (network == nullptr) {
        mistakes.add(places.network, fmt::format("unknown network '{}'", interface.network),
                     hint_for_name(interface.network, topology.networks));
        continue;
      }
      if (!attached.insert(interface.network).second)
        mistakes.add(places.network, fmt::format("node '{}' has a second interface on network '{}'",
                                                 topology.nodes[i].name, interface.network));
      check_kind(topology.nodes[i], interface, places, mistakes);
      const bool is_sound = placed.networks[static_cast<std::size_t>(network - topology.networks.data())].is_sound;
      if (!is_sound) continue;
      check_address(*network, interface.ipv4, places.ipv4, taken, mistakes);
      check_address(*network, interface.ipv6, places.ipv6, taken, mistakes);
    }
  }
}

void check_roles(const PlacedTopology& placed, Mistakes& mistakes) {
  for (std::size_t i = 0; i < placed.topology.nodes.size(); ++i) {
    const Node& node = placed.topology.nodes[i];
    if (placed.nodes[i].is_sound && node.interfaces.size() < needed_interfaces(node.role))
      mistakes.add(placed.nodes[i].whole,
                   is_device_under_test(node)
                       ? fmt::format("{} '{}' needs at least two interfaces", to_string(node.role), node.name)
                       : fmt::format("node '{}' needs an interface", node.name));
  }
}

}  // namespace

std::size_t needed_interfaces(NodeRole role) {
  return role == NodeRole::router || role == NodeRole::bridge ? 2 : 1;
}

std::string hint_for_name(std::string_view name, const std::vector<Network>& networks) {
  return hint_among(name, networks);
}

std::string hint_for_name(std::string_view name, const std::vector<Node>& nodes) {
  return hint_among(name, nodes);
}

std::string shaping_problem(const Network& network) {
  const Shaping& shaping = network.shaping;
  if (!shaping.queue) return "";
  if (!shaping.rate)
    return fmt::format("network '{}' has a queue and no rate that packets could wait for", network.name);
  if (shaping.delay_seconds > 0 || shaping.loss > 0)
    return fmt::format("network '{}' has a queue beside delay or loss", network.name);
  return "";
}

void check_topology(const PlacedTopology& placed, Mistakes& mistakes) {
  check_names(placed, mistakes);
  check_prefixes(placed, mistakes);
  check_interfaces(placed, mistakes);
  check_roles(placed, mistakes);
  check_vlans(placed, mistakes);
  check_shaping(placed, mistakes);
}

}  // namespace offlab
