// What is built: networks, nodes with their interfaces, and the flows that are driven through them.
// Every optional of the file has been filled in: addresses, MACs and routes are decided before anything starts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "model/address.h"
#include "model/offload.h"

namespace offlab {

enum class NodeRole { client, router, server };
enum class NicModel { virtio, vmxnet3, e1000, e1000e };

std::string_view to_string(NodeRole role);
std::string_view to_string(NicModel model);
std::optional<NodeRole> parse_node_role(std::string_view text);
std::optional<NicModel> parse_nic_model(std::string_view text);

struct Network {
  std::string name;
  std::optional<IpPrefix> ipv4;
  std::optional<IpPrefix> ipv6;
  Mtu mtu;
  HypervisorLro hypervisor_lro = HypervisorLro::off;  // on the taps of the device under test
  bool operator==(const Network&) const = default;
};

struct Interface {
  std::string network;
  NicModel model = NicModel::virtio;
  std::optional<Mtu> mtu;  // nothing: the network's
  std::optional<IpAddress> ipv4;
  std::optional<IpAddress> ipv6;
  std::map<std::string, bool> features;  // canonical ethtool name -> wanted state; absent: as the driver left it
  bool operator==(const Interface&) const = default;
};

struct Node {
  std::string name;
  NodeRole role = NodeRole::client;
  std::string image = "debian-12";
  unsigned vcpus = 1;
  unsigned memory_mib = 256;
  std::vector<Interface> interfaces;
  std::vector<std::string> setup;  // run as root after configuration, before measuring
  bool operator==(const Node&) const = default;
};

// Bulk TCP from one node to another.
struct Flow {
  std::string name;
  std::string from;
  std::string to;
  Family family = Family::ipv4;
  bool df = true;
  bool operator==(const Flow&) const = default;
};

struct Topology {
  std::vector<Network> networks;
  std::vector<Node> nodes;
  std::vector<Flow> flows;
  bool operator==(const Topology&) const = default;
};

const Network* find_network(const Topology& topology, std::string_view name);
const Node* find_node(const Topology& topology, std::string_view name);
const Interface* find_interface(const Node& node, std::string_view network);
Network* find_network(Topology& topology, std::string_view name);
Node* find_node(Topology& topology, std::string_view name);

// The MTU the guest's interface gets.
Mtu effective_mtu(const Topology& topology, const Interface& interface);
std::optional<IpAddress> address_of(const Interface& interface, Family family);

// One router that a flow passes: it takes packets in on `ingress` and sends them out on `egress` (network names).
struct Hop {
  std::string router;
  std::string ingress;
  std::string egress;
  bool operator==(const Hop&) const = default;
};

// The fewest-hops path of the flow, nothing when there is none. File order breaks ties.
std::optional<std::vector<Hop>> flow_path(const Topology& topology, const Flow& flow);

// A static route of a node: everything in `destination` goes to `gateway`.
struct Route {
  IpPrefix destination;
  IpAddress gateway;
  bool operator==(const Route&) const = default;
};

// Routes from the node to every network it is not attached to, over routers, fewest hops first.
std::vector<Route> routes_of(const Topology& topology, const Node& node);

}  // namespace offlab
