// Paths and routes through topologies of one and two routers.
#include "model/topology.h"

#include <gtest/gtest.h>

#include "model/path.h"

namespace offlab {
namespace {

Network network(const std::string& name, int number) {
  return {name, parse_prefix("198.18." + std::to_string(number) + ".0/24"),
          parse_prefix("2001:2:0:" + std::to_string(number) + "::/64"), Mtu{1500}, HypervisorLro::off};
}

Interface on(const Network& network, std::uint32_t index) {
  Interface interface;
  interface.network = network.name;
  interface.ipv4 = host_address(*network.ipv4, index);
  interface.ipv6 = host_address(*network.ipv6, index);
  return interface;
}

Node node(const std::string& name, NodeRole role, std::vector<Interface> interfaces) {
  Node made;
  made.name = name;
  made.role = role;
  made.interfaces = std::move(interfaces);
  return made;
}

// client -a- r1 -b- r2 -c- server
Topology chain() {
  const Network a = network("a", 1);
  const Network b = network("b", 2);
  const Network c = network("c", 3);
  return {{a, b, c},
          {node("client", NodeRole::client, {on(a, 2)}), node("r1", NodeRole::router, {on(a, 1), on(b, 1)}),
           node("r2", NodeRole::router, {on(b, 2), on(c, 1)}), node("server", NodeRole::server, {on(c, 2)})},
          {{"download", "server", "client", Family::ipv4, true}}};
}

Flow flow(const std::string& from, const std::string& to) {
  return {"flow", from, to, Family::ipv4, true};
}

using Hops = std::vector<Hop>;

TEST(FlowPath, PassesEveryRouterOfAChain) {
  EXPECT_EQ(flow_path(chain(), flow("client", "server")), (Hops{{"r1", "a", "b"}, {"r2", "b", "c"}}));
  EXPECT_EQ(flow_path(chain(), flow("server", "client")), (Hops{{"r2", "c", "b"}, {"r1", "b", "a"}}));
}

TEST(FlowPath, IsEmptyOnOneNetwork) {
  Topology topology = chain();
  topology.nodes.push_back(node("neighbour", NodeRole::client, {on(topology.networks[0], 3)}));
  EXPECT_EQ(flow_path(topology, flow("neighbour", "client")), Hops{});
}

TEST(FlowPath, IsNothingWhereThereIsNoWay) {
  Topology topology = chain();
  topology.nodes.erase(topology.nodes.begin() + 2);  // r2
  EXPECT_EQ(flow_path(topology, flow("client", "server")), std::nullopt);
  EXPECT_EQ(flow_path(topology, flow("client", "nobody")), std::nullopt);
  EXPECT_EQ(flow_path(topology, flow("nobody", "client")), std::nullopt);
}

TEST(FlowPath, DoesNotPassAHostWithTwoInterfaces) {
  Topology topology = chain();
  topology.nodes[1].role = NodeRole::client;
  EXPECT_EQ(flow_path(topology, flow("client", "server")), std::nullopt);
}

TEST(FlowPath, TakesTheFewestHops) {
  Topology topology = chain();
  const auto& networks = topology.networks;
  topology.nodes.push_back(node("short", NodeRole::router, {on(networks[0], 9), on(networks[2], 9)}));
  EXPECT_EQ(flow_path(topology, flow("client", "server")), (Hops{{"short", "a", "c"}}));
}

TEST(FlowPath, TakesTheFirstOfEqualRoutersInTheFile) {
  Topology topology = chain();
  const auto& networks = topology.networks;
  topology.nodes.push_back(node("late", NodeRole::router, {on(networks[0], 9), on(networks[1], 9)}));
  EXPECT_EQ(flow_path(topology, flow("client", "server"))->front().router, "r1");
  std::swap(topology.nodes[1], topology.nodes[4]);
  EXPECT_EQ(flow_path(topology, flow("client", "server"))->front().router, "late");
}

TEST(FlowPath, ReachesTheNearestInterfaceOfTheTarget) {
  Topology topology = chain();
  topology.nodes[3].interfaces.push_back(on(topology.networks[1], 7));
  EXPECT_EQ(flow_path(topology, flow("client", "server")), (Hops{{"r1", "a", "b"}}));
}

std::vector<std::string> routes(const Topology& topology, const std::string& name) {
  std::vector<std::string> lines;
  for (const Route& route : routes_of(topology, *find_node(topology, name)))
    lines.push_back(to_string(route.destination) + " via " + to_string(route.gateway));
  return lines;
}

using Lines = std::vector<std::string>;

TEST(RoutesOf, GoOverTheFirstRouterOfTheWay) {
  EXPECT_EQ(routes(chain(), "client"), (Lines{"198.18.2.0/24 via 198.18.1.1", "2001:2:0:2::/64 via 2001:2:0:1::1",
                                              "198.18.3.0/24 via 198.18.1.1", "2001:2:0:3::/64 via 2001:2:0:1::1"}));
  EXPECT_EQ(routes(chain(), "server"), (Lines{"198.18.1.0/24 via 198.18.3.1", "2001:2:0:1::/64 via 2001:2:0:3::1",
                                              "198.18.2.0/24 via 198.18.3.1", "2001:2:0:2::/64 via 2001:2:0:3::1"}));
}

TEST(RoutesOf, ARouterGoOverTheOther) {
  EXPECT_EQ(routes(chain(), "r1"), (Lines{"198.18.3.0/24 via 198.18.2.2", "2001:2:0:3::/64 via 2001:2:0:2::2"}));
  EXPECT_EQ(routes(chain(), "r2"), (Lines{"198.18.1.0/24 via 198.18.2.1", "2001:2:0:1::/64 via 2001:2:0:2::1"}));
}

TEST(RoutesOf, LeaveOutAFamilyThatANetworkDoesNotHave) {
  Topology topology = chain();
  topology.networks[2].ipv6.reset();
  topology.nodes[1].interfaces[0].ipv6.reset();  // no IPv6 gateway for the client either
  EXPECT_EQ(routes(topology, "client"), (Lines{"198.18.2.0/24 via 198.18.1.1", "198.18.3.0/24 via 198.18.1.1"}));
  EXPECT_EQ(routes(topology, "r1"), (Lines{"198.18.3.0/24 via 198.18.2.2"}));
}

TEST(RoutesOf, LeaveOutWhatCannotBeReached) {
  Topology topology = chain();
  topology.nodes[1].interfaces.pop_back();
  EXPECT_EQ(routes(topology, "client"), Lines{});
}

TEST(EffectiveMtu, IsTheInterfacesOwnBeforeTheNetworks) {
  Topology topology = chain();
  topology.networks[0].mtu = Mtu{1400};
  Interface interface = topology.nodes[0].interfaces[0];
  EXPECT_EQ(effective_mtu(topology, interface), Mtu{1400});
  interface.mtu = Mtu{9000};
  EXPECT_EQ(effective_mtu(topology, interface), Mtu{9000});
  interface = Interface{};
  EXPECT_EQ(effective_mtu(topology, interface), Mtu{1500});  // on no network
}

TEST(AddressOf, GivesTheFamilysAddress) {
  Interface interface = chain().nodes[0].interfaces[0];
  EXPECT_EQ(address_of(interface, Family::ipv4), parse_address("198.18.1.2"));
  EXPECT_EQ(address_of(interface, Family::ipv6), parse_address("2001:2:0:1::2"));
  interface.ipv6.reset();
  EXPECT_EQ(address_of(interface, Family::ipv6), std::nullopt);
}

TEST(Topology, FindsItsPartsByName) {
  Topology topology = chain();
  EXPECT_EQ(find_node(topology, "r2"), &topology.nodes[2]);
  EXPECT_EQ(find_network(topology, "c"), &topology.networks[2]);
  EXPECT_EQ(find_node(topology, "c"), nullptr);
  EXPECT_EQ(find_network(topology, "r2"), nullptr);
  EXPECT_EQ(find_interface(topology.nodes[2], "c"), &topology.nodes[2].interfaces[1]);
  EXPECT_EQ(find_interface(topology.nodes[2], "a"), nullptr);
}

TEST(Topology, ReadsItsWordsBackAsPrinted) {
  for (const auto role : {NodeRole::client, NodeRole::router, NodeRole::server, NodeRole::bridge})
    EXPECT_EQ(parse_node_role(to_string(role)), role);
  EXPECT_EQ(parse_node_role("switch"), std::nullopt);
}

}  // namespace
}  // namespace offlab
