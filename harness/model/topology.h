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
#include "model/background.h"
#include "model/disk_image.h"
#include "model/esxi_host.h"
#include "model/existing_machine.h"
#include "model/limits.h"
#include "model/nic_model.h"
#include "model/offload.h"

namespace offlab {

// `bridge` joins its networks to one segment instead of forwarding between them.
enum class NodeRole { client, router, server, bridge };

std::string_view to_string(NodeRole role);
std::optional<NodeRole> parse_node_role(std::string_view text);

// What the ends of a network send into it is held back by this; the devices under test are left alone.
struct Shaping {
  std::optional<BitRate> rate;
  double delay_seconds = 0;
  double loss = 0;  // share of packets, 0..1
  // What waits for the rate, as a router's queue does; beyond it packets are dropped. Nothing: more than any window.
  std::optional<ByteCount> queue = {};
  bool operator==(const Shaping&) const = default;
};

struct Network {
  std::string name;
  std::optional<IpPrefix> ipv4;
  std::optional<IpPrefix> ipv6;
  Mtu mtu;
  HypervisorLro hypervisor_lro = HypervisorLro::off;  // on the taps of the devices under test
  Shaping shaping = {};
  // The link that it shares with other networks, and its tag there: a node has one NIC for all its networks on the
  // link. Empty: it is a link of its own.
  std::string trunk = {};
  std::optional<unsigned> vlan = {};
  std::optional<Mtu> host_mtu = {};  // of its bridge and taps; nothing: as large as any guest's
  bool operator==(const Network&) const = default;
};

struct Interface {
  std::string network;
  NicModel model = NicModel::virtio;
  std::optional<Mtu> mtu;  // nothing: the network's
  std::optional<IpAddress> ipv4;
  std::optional<IpAddress> ipv6;
  std::map<std::string, bool> features;  // canonical ethtool name -> wanted state; absent: as the driver left it
  std::optional<unsigned> vlan = {};     // addresses are on a sub-interface with this tag, 1..4094
  std::optional<HypervisorLro> hypervisor_lro = {};  // nothing: the network's
  // virtio only: offloads offered when the NIC is made, by libvirt's names ("tso4", "mrg_rxbuf").
  std::map<std::string, bool> host_offloads = {};   // the host may send ... to the guest's NIC: <host .../>
  std::map<std::string, bool> guest_offloads = {};  // <guest .../>
  std::string device = {};                          // what the guest calls the NIC; empty: it gets its network's name
  unsigned queues = 1;                              // virtio only: pairs of them
  bool own_nic = false;                             // on a trunk: not the NIC of the node's other networks there
  std::string mac = {};                             // empty: offlab's choice
  std::optional<CaptureHost> capture = {};          // of an existing machine; nothing: inside of it
  bool operator==(const Interface&) const = default;
};

// Everything in `destination` goes to `gateway`.
struct Route {
  IpPrefix destination;
  IpAddress gateway;
  bool operator==(const Route&) const = default;
};

// The addresses of a node that stands for many: prefixes that are routed to it and that it answers for.
struct AddressPool {
  unsigned count = 0;  // 0: none
  std::optional<IpPrefix> ipv4;
  std::optional<IpPrefix> ipv6;
  bool operator==(const AddressPool&) const = default;
};

// A network namespace of a node that its flows begin and end in, as those of containers do: a veth pair leads to it,
// and the node forwards.
struct Container {
  std::optional<IpPrefix> ipv4;  // the node's end has the first address, the container the second
  std::optional<IpPrefix> ipv6;
  bool nat = true;  // it is seen by the node's addresses
  bool operator==(const Container&) const = default;
};

struct Node {
  std::string name;
  NodeRole role = NodeRole::client;
  std::string image = "debian-12";
  std::string kernel;  // release, "6.1.0-47-amd64"; empty: the image's own
  unsigned vcpus = 1;
  unsigned memory_mib = 192;
  std::vector<Interface> interfaces;
  std::vector<Route> routes;  // given by the file; the others are computed
  AddressPool pool;
  std::vector<std::string> boot = {};               // run as root before configuration
  std::vector<std::string> setup;                   // and after it, before measuring
  std::map<std::string, std::string> sysctls = {};  // name -> wanted value; absent: as the guest has it
  std::optional<Container> container = {};
  std::optional<DiskImage> disk = {};         // of its image (use_disk below)
  std::optional<MachineLogin> existing = {};  // it is there already, as it is; nothing: offlab makes it
  bool operator==(const Node&) const = default;
};

// A TCP port at an address.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

std::string to_string(const Endpoint& endpoint);  // "198.18.2.1:8080", "[2001:2::1]:8080"
std::optional<Endpoint> parse_endpoint(std::string_view text);

// Bulk TCP from one node to another.
struct Flow {
  std::string name;
  std::string from;
  std::string to;
  Family family = Family::ipv4;
  bool df = true;
  unsigned streams = 1;  // TCP connections at the same time
  Background background = {};
  // Who sends and who connects are two things: routers let connections through in one direction only.
  bool sender_connects = false;
  std::optional<Endpoint> connect = {};  // what the initiator connects to where a router translates it (DNAT)
  bool operator==(const Flow&) const = default;
};

struct Topology {
  std::vector<Network> networks;
  std::vector<Node> nodes;
  std::vector<Flow> flows;
  Limits limits = {};
  LroFamilies lro_families = LroFamilies::both;  // of hypervisor.lro
  // The hosts below machines that exist, whose settings are what hypervisor.lro says; nothing: they are left alone.
  std::optional<HostLro> hosts = {};
  bool operator==(const Topology&) const = default;
};

// The end that opens the connections, and the one that they are opened to.
const std::string& initiator_of(const Flow& flow);
const std::string& listener_of(const Flow& flow);

const Network* find_network(const Topology& topology, std::string_view name);
const Node* find_node(const Topology& topology, std::string_view name);
const Interface* find_interface(const Node& node, std::string_view network);
Network* find_network(Topology& topology, std::string_view name);
Node* find_node(Topology& topology, std::string_view name);

inline constexpr Mtu smallest_ipv6_mtu{1280};  // RFC 8200, section 5

// The link below a network: its trunk, or itself.
const std::string& link_of(const Network& network);
// The MTU the guest's interface gets.
Mtu effective_mtu(const Topology& topology, const Interface& interface);
// Of a container's veth pair: that of the node's narrowest NIC.
Mtu container_mtu(const Topology& topology, const Node& node);
HypervisorLro effective_lro(const Topology& topology, const Interface& interface);
// Any device under test takes merged frames.
bool has_hypervisor_lro(const Topology& topology);
// Devices under test: everything that stands between the ends of flows.
bool is_device_under_test(const Node& node);
// The node boots this disk: its NICs are those that the disk's system knows. Gives what does not fit, in a sentence;
// empty where all does.
std::string use_disk(Node& node, const DiskImage& disk);
// All of its nodes exist already.
bool is_existing(const Topology& topology);
// What existing machines cannot do for offlab, in a sentence; empty where nothing of it is asked for.
std::string trouble_with_existing(const Topology& topology);
// Does offlab give its NICs their names and addresses?
bool is_configured(const Node& node);
// What the guest calls the NIC itself.
const std::string& device_of(const Interface& interface);
// The guest's interface that carries the addresses: the NIC, or "lan.10" on top of it with a VLAN tag.
std::string addressed_device(const Interface& interface);
std::optional<IpAddress> address_of(const Interface& interface, Family family);
std::optional<IpPrefix> prefix_of(const Network& network, Family family);
std::optional<IpPrefix> prefix_of(const Container& container, Family family);
std::optional<IpPrefix> prefix_of(const AddressPool& pool, Family family);  // nothing without addresses
std::optional<IpAddress> address_of(const Container& container, Family family);
// What others send to when a flow ends at this interface of the node: its address, or the container's.
std::optional<IpAddress> end_address(const Node& node, const Interface& interface, Family family);

}  // namespace offlab
