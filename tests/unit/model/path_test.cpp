// Ways through chains of routers, through bridges, along given routes, and to nodes that stand for many.
#include "model/path.h"

#include <gtest/gtest.h>

#include "unit/config/good_file.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

// client - r1 - r2 - server, and r3 as a longer way from lan to wan.
constexpr const char* chain = R"(
name = "chain"
[[network]]
name = "wan"
ipv4 = "198.18.3.0/24"
[[network]]
name = "mid"
ipv4 = "198.18.2.0/24"
[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
[[node]]
name = "r1"
interfaces = [ { network = "lan" }, { network = "mid" } ]
[[node]]
name = "r2"
interfaces = [ { network = "mid" }, { network = "wan" } ]
[[node]]
name = "client"
interfaces = [ { network = "lan" } ]
[[node]]
name = "server"
interfaces = [ { network = "wan" } ]
[[flow]]
name = "download"
from = "server"
to = "client"
)";

Topology topology_of(const std::string& text) {
  const ParsedScenario parsed = parse_scenario(text, "f.toml");
  EXPECT_EQ(lines_of(parsed.diagnostics), Lines{});
  return parsed.scenario.value().topology;
}

Lines path_of(const Topology& topology) {
  Lines hops;
  const auto path = flow_path(topology, topology.flows.front());
  for (const Hop& hop : path.value()) hops.push_back(hop.ingress + " " + hop.router + " " + hop.egress);
  return hops;
}

Lines routes_of(const Topology& topology, const char* node) {
  Lines routes;
  for (const Route& route : routes_of(topology, *find_node(topology, node)))
    routes.push_back(to_string(route.destination) + " via " + to_string(route.gateway));
  return routes;
}

TEST(Path, AChainIsPassedInTheDirectionOfTheData) {
  const Topology topology = topology_of(chain);
  EXPECT_EQ(path_of(topology), (Lines{"wan r2 mid", "mid r1 lan"}));
  EXPECT_EQ(routes_of(topology, "server"), (Lines{"198.18.2.0/24 via 198.18.3.1", "198.18.1.0/24 via 198.18.3.1"}));
  EXPECT_EQ(routes_of(topology, "r1"), Lines{"198.18.3.0/24 via 198.18.2.2"});
}

TEST(Path, NodesWithoutARoleGetTheirsFromTheFlows) {
  const Topology topology = topology_of(chain);
  EXPECT_EQ(find_node(topology, "r1")->role, NodeRole::router);
  EXPECT_EQ(find_node(topology, "r2")->role, NodeRole::router);
  EXPECT_EQ(find_node(topology, "client")->role, NodeRole::client);
  EXPECT_EQ(find_node(topology, "server")->role, NodeRole::server);
}

TEST(Path, ABridgeJoinsItsNetworksToOneSegment) {
  std::string text = chain;
  text.replace(text.find("ipv4 = \"198.18.2.0/24\"\n"), 23, "");
  text.replace(text.find("name = \"r1\""), 11, "name = \"r1\"\nrole = \"bridge\"");
  const Topology topology = topology_of(text);
  EXPECT_EQ(find_network(topology, "mid")->ipv4, find_network(topology, "lan")->ipv4);
  EXPECT_EQ(segment_of(topology, "lan"), (Lines{"mid", "lan"}));
  EXPECT_EQ(path_of(topology), (Lines{"wan r2 mid", "mid r1 lan"}));
  EXPECT_EQ(routes_of(topology, "client"), Lines{"198.18.3.0/24 via 198.18.1.1"});
  EXPECT_EQ(find_interface(*find_node(topology, "r1"), "lan")->ipv4, std::nullopt);
  EXPECT_EQ(to_string(*find_interface(*find_node(topology, "r2"), "mid")->ipv4), "198.18.1.1");
  EXPECT_EQ(to_string(*find_interface(*find_node(topology, "client"), "lan")->ipv4), "198.18.1.2");
}

constexpr const char* detour = R"(
[[network]]
name = "side"
ipv4 = "198.18.4.0/24"
[[node]]
name = "r3"
role = "router"
interfaces = [ { network = "wan", ipv4 = "198.18.3.100" }, { network = "side", ipv4 = "198.18.4.100" } ]
[[node]]
name = "r4"
role = "router"
interfaces = [ { network = "side", ipv4 = "198.18.4.101" }, { network = "mid", ipv4 = "198.18.2.101" } ]
)";

TEST(Path, GivenRoutesLeadTheFlow) {
  std::string text = std::string(chain) + detour;
  EXPECT_EQ(path_of(topology_of(text)), (Lines{"wan r2 mid", "mid r1 lan"}));
  text.replace(text.find("name = \"server\"\n"), 16,
               "name = \"server\"\nroutes = [ { to = \"198.18.1.0/24\", via = \"198.18.3.100\" } ]\n");
  // r3's own shortest way leads back over wan.
  EXPECT_EQ(path_of(topology_of(text)), (Lines{"wan r3 wan", "wan r2 mid", "mid r1 lan"}));
  text.replace(text.find("name = \"r3\"\n"), 12,
               "name = \"r3\"\nroutes = [ { to = \"198.18.1.0/24\", via = \"198.18.4.101\" } ]\n");
  const Topology topology = topology_of(text);
  EXPECT_EQ(path_of(topology), (Lines{"wan r3 side", "side r4 mid", "mid r1 lan"}));
  EXPECT_EQ(routes_of(topology, "server").front(), "198.18.1.0/24 via 198.18.3.100");
}

TEST(Path, RoutesInACircleLeadNowhere) {
  std::string text = std::string(chain) + detour;
  text.replace(text.find("name = \"server\"\n"), 16,
               "name = \"server\"\nroutes = [ { to = \"198.18.1.0/24\", via = \"198.18.3.100\" } ]\n");
  text.replace(text.find("name = \"r3\"\n"), 12,
               "name = \"r3\"\nroutes = [ { to = \"198.18.1.0/24\", via = \"198.18.3.1\" } ]\n");
  text.replace(text.find("name = \"r2\"\n"), 12,
               "name = \"r2\"\nroutes = [ { to = \"198.18.1.0/24\", via = \"198.18.3.100\" } ]\n");
  EXPECT_EQ(lines_of(parse_scenario(text, "f.toml").diagnostics).size(), 1U);
}

TEST(Path, ANodeThatStandsForManyIsRoutedTo) {
  std::string text = chain;
  text.replace(text.find("name = \"client\""), 15, "name = \"client\"\naddresses = 10000");
  const Topology topology = topology_of(text);
  const AddressPool& pool = find_node(topology, "client")->pool;
  EXPECT_EQ(to_string(pool.ipv4.value()), "198.19.192.0/18");
  EXPECT_EQ(pool.ipv6, std::nullopt);
  EXPECT_EQ(routes_of(topology, "r1").back(), "198.19.192.0/18 via 198.18.1.2");
  EXPECT_EQ(routes_of(topology, "server").back(), "198.19.192.0/18 via 198.18.3.1");
}

TEST(BackgroundAddress, IsTheHighestThatNobodyHas) {
  Topology topology;
  topology.networks = {{"wan", parse_prefix("198.18.2.0/29"), {}, Mtu{1500}, HypervisorLro::off},
                       {"lan", {}, parse_prefix("2001:2::/64"), Mtu{1500}, HypervisorLro::off}};
  EXPECT_EQ(background_address(topology, "wan"), parse_address("198.18.2.6"));
  EXPECT_FALSE(background_address(topology, "lan"));
  for (const char* taken : {"198.18.2.6", "198.18.2.5", "198.18.2.3", "198.18.2.2", "198.18.2.1"}) {
    Node node;
    node.interfaces = {{.network = "wan", .mtu = {}, .ipv4 = parse_address(taken), .ipv6 = {}, .features = {}}};
    topology.nodes.push_back(node);
  }
  EXPECT_EQ(background_address(topology, "wan"), parse_address("198.18.2.4"));
  Node last = topology.nodes.front();
  last.interfaces[0].ipv4 = parse_address("198.18.2.4");
  topology.nodes.push_back(last);
  EXPECT_FALSE(background_address(topology, "wan"));
}

}  // namespace
}  // namespace offlab
