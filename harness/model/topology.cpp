#include "model/topology.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/core.h>

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

}  // namespace

std::string_view to_string(NodeRole role) {
  switch (role) {
    case NodeRole::client:
      return "client";
    case NodeRole::router:
      return "router";
    case NodeRole::server:
      return "server";
    case NodeRole::bridge:
      return "bridge";
  }
  return "?";
}

std::optional<NodeRole> parse_node_role(std::string_view text) {
  return parse_word(text, std::array{NodeRole::client, NodeRole::router, NodeRole::server, NodeRole::bridge});
}

std::string to_string(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.family == Family::ipv6;
  return fmt::format("{}{}{}:{}", is_v6 ? "[" : "", to_string(endpoint.address), is_v6 ? "]" : "", endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  const auto address = parse_address(std::string(host));
  const std::string_view digits = text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool is_port = error == std::errc() && end == digits.data() + digits.size() && port > 0;
  if (!address || !is_port || has_brackets != (address->family == Family::ipv6)) return std::nullopt;
  return Endpoint{*address, port};
}

const std::string& initiator_of(const Flow& flow) {
  return flow.sender_connects ? flow.from : flow.to;
}

const std::string& listener_of(const Flow& flow) {
  return flow.sender_connects ? flow.to : flow.from;
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

const std::string& link_of(const Network& network) {
  return network.trunk.empty() ? network.name : network.trunk;
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

Mtu container_mtu(const Topology& topology, const Node& node) {
  Mtu mtu = effective_mtu(topology, node.interfaces.front());
  for (const Interface& interface : node.interfaces) mtu = std::min(mtu, effective_mtu(topology, interface));
  return mtu;
}

HypervisorLro effective_lro(const Topology& topology, const Interface& interface) {
  if (interface.hypervisor_lro) return *interface.hypervisor_lro;
  const Network* network = find_network(topology, interface.network);
  return network == nullptr ? HypervisorLro::off : network->hypervisor_lro;
}

bool has_hypervisor_lro(const Topology& topology) {
  for (const Node& node : topology.nodes)
    for (const Interface& interface : node.interfaces)
      if (is_device_under_test(node) && effective_lro(topology, interface) != HypervisorLro::off) return true;
  return false;
}

bool is_device_under_test(const Node& node) {
  return node.role == NodeRole::router || node.role == NodeRole::bridge;
}

std::string use_disk(Node& node, const DiskImage& disk) {
  if (!is_device_under_test(node))
    return fmt::format("'{}' is an end of flows: only routers and bridges boot a disk", node.name);
  node.disk = disk;
  node.memory_mib = std::max(node.memory_mib, disk.memory_mib);
  const bool keeps_names = disk.configure != Configured::all;
  for (const GuestNic& nic : disk.nics) {
    const auto interface = std::find_if(node.interfaces.begin(), node.interfaces.end(),
                                        [&](const Interface& one) { return one.network == nic.network; });
    if (interface == node.interfaces.end())
      return fmt::format("its [interfaces] have '{}', but '{}' is on no network of that name", nic.network, node.name);
    interface->mac = nic.mac;
    if (keeps_names) interface->device = nic.device;
    if (keeps_names && nic.mac.empty() && names_other_slot(nic.device))
      return fmt::format(
          "a lab's NICs are in PCI slots 2 to 27, so that its system would not call the one on '{0}' {1}. Where the "
          "system finds the NIC by its MAC address, say both: [interfaces] {0} = [\"{1}\", \"52:54:00:...\"]",
          nic.network, nic.device);
  }
  if (!keeps_names) return "";
  for (const Interface& interface : node.interfaces)
    if (interface.device.empty())
      return fmt::format(
          "it keeps its configuration (configure = \"{0}\"), and nothing says what it calls its interface on '{1}': "
          "[interfaces] {1} = {2}",
          to_string(disk.configure), interface.network,
          interface.mac.empty() ? "\"NAME\"" : fmt::format(R"(["NAME", "{}"])", interface.mac));
  return "";
}

bool is_existing(const Topology& topology) {
  return !topology.nodes.empty() && std::all_of(topology.nodes.begin(), topology.nodes.end(),
                                                [](const Node& node) { return node.existing.has_value(); });
}

namespace {

std::string trouble_with(const Topology& topology, const Node& node) {
  const auto says = [&](const char* what) {
    return fmt::format("'{}' exists already: offlab does not give it {}", node.name, what);
  };
  const Node usual;
  if (node.image != usual.image || !node.kernel.empty()) return says("an image or a kernel");
  if (node.vcpus != usual.vcpus || node.memory_mib != usual.memory_mib) return says("processors or memory");
  if (!node.boot.empty() || !node.setup.empty()) return says("commands");
  if (node.pool.count > 0 || node.container) return says("more addresses or a container");
  if (node.existing->system != SystemKind::gnu_linux && !is_device_under_test(node))
    return fmt::format("'{}' runs FreeBSD: the ends of a flow run Linux", node.name);
  if (node.existing->system != SystemKind::gnu_linux && node.role == NodeRole::bridge)
    return fmt::format("'{}' runs FreeBSD: it is measured as a router, and not as a bridge", node.name);
  if (node.existing->system != SystemKind::gnu_linux && !node.sysctls.empty())
    return fmt::format("'{}' runs FreeBSD: offlab does not switch its sysctls", node.name);
  for (const Interface& interface : node.interfaces) {
    if (interface.device.empty())
      return fmt::format("'{}' exists already: its interface on '{}' needs the name that it has there (device)",
                         node.name, interface.network);
    if (interface.model != NicModel::virtio || interface.queues != 1 || !interface.host_offloads.empty() ||
        !interface.guest_offloads.empty())
      return says("NICs");
    if (interface.vlan || interface.own_nic)
      return fmt::format("'{}' exists already: name the interface that has its addresses, \"ens4.10\", and no VLAN",
                         node.name);
    if (!is_device_under_test(node)) continue;
    const bool merges = effective_lro(topology, interface) != HypervisorLro::off;
    if (merges && !topology.hosts)
      return fmt::format(
          "'{}' exists already: offlab does not switch its hypervisor's LRO; for that of an ESXi host: "
          "host = \"...\" in [hypervisor]",
          node.name);
    if (topology.hosts && merges != has_hypervisor_lro(topology))
      return fmt::format(
          "the settings of a host are for all of its NICs: hypervisor.lro of '{}' on '{}' cannot differ "
          "from that of others",
          node.name, interface.network);
  }
  return "";
}

}  // namespace

std::string trouble_with_existing(const Topology& topology) {
  const auto exists = [](const Node& node) { return node.existing.has_value(); };
  if (std::none_of(topology.nodes.begin(), topology.nodes.end(), exists))
    return topology.hosts ? "'host' in [hypervisor] is for nodes that exist: offlab's own have its hypervisor" : "";
  for (const Node& node : topology.nodes)
    if (!exists(node))
      return fmt::format("'{}' is to be made, other nodes exist already: a topology has nodes of one kind", node.name);
  for (const Network& network : topology.networks)
    if (network.shaping != Shaping{} || !network.trunk.empty() || network.host_mtu)
      return fmt::format("network '{}' exists already: offlab does not give it a rate, a trunk or an MTU of the host",
                         network.name);
  for (const Node& node : topology.nodes)
    if (std::string trouble = trouble_with(topology, node); !trouble.empty()) return trouble;
  for (const Flow& flow : topology.flows) {
    if (!flow.df) return fmt::format("flow '{}': existing machines send with DF", flow.name);
    if (flow.background.sender != BackgroundSender::off)
      return fmt::format("flow '{}': there is no background load between existing machines", flow.name);
  }
  return "";
}

bool is_configured(const Node& node) {
  return !node.existing && (!node.disk || node.disk->configure == Configured::all);
}

const std::string& device_of(const Interface& interface) {
  return interface.device.empty() ? interface.network : interface.device;
}

std::string addressed_device(const Interface& interface) {
  const std::string& nic = device_of(interface);
  return interface.vlan ? nic + "." + std::to_string(*interface.vlan) : nic;
}

std::optional<IpAddress> address_of(const Interface& interface, Family family) {
  return family == Family::ipv4 ? interface.ipv4 : interface.ipv6;
}

std::optional<IpPrefix> prefix_of(const Network& network, Family family) {
  return family == Family::ipv4 ? network.ipv4 : network.ipv6;
}

std::optional<IpPrefix> prefix_of(const Container& container, Family family) {
  return family == Family::ipv4 ? container.ipv4 : container.ipv6;
}

std::optional<IpPrefix> prefix_of(const AddressPool& pool, Family family) {
  if (pool.count == 0) return std::nullopt;
  return family == Family::ipv4 ? pool.ipv4 : pool.ipv6;
}

std::optional<IpAddress> address_of(const Container& container, Family family) {
  const auto prefix = prefix_of(container, family);
  return prefix ? host_address(*prefix, 2) : std::nullopt;
}

std::optional<IpAddress> end_address(const Node& node, const Interface& interface, Family family) {
  return node.container && !node.container->nat ? address_of(*node.container, family) : address_of(interface, family);
}

}  // namespace offlab
