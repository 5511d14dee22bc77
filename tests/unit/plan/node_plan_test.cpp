// The machines of a lab: names of taps, addresses on the wire, what is run in them after boot.
#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "shipped_scenarios.h"

namespace offlab {
namespace {

using Names = std::vector<std::string>;

TEST(TapName, JoinsNodeAndNetwork) {
  EXPECT_EQ(tap_name("router", "wan", {}), "router-wan");
  EXPECT_EQ(tap_name("0123456", "1234567", {}), "0123456-1234567");  // 15 letters: as long as Linux allows
}

TEST(TapName, IsShortEnoughForAnInterface) {
  EXPECT_EQ(tap_name("01234567", "1234567", {}), "0123456-1234562");
  for (const char* node : {"r", "router-of-the-northern-region", "0123456789abcdef"})
    for (const char* network : {"n", "upstream-transit-network", "0123456789abcdef"}) {
      const std::string name = tap_name(node, network, {});
      EXPECT_LE(name.size(), 15U) << name;
      EXPECT_EQ(name[0], node[0]);
    }
}

TEST(TapName, IsUniqueAlsoWhenNamesAreCutAlike) {
  Names taken;
  for (int i = 0; i < 120; ++i) {
    taken.push_back(tap_name("router-of-the-north", "upstream-transit", taken));
    EXPECT_LE(taken.back().size(), 15U) << taken.back();
  }
  EXPECT_EQ(std::set<std::string>(taken.begin(), taken.end()).size(), taken.size());
  EXPECT_EQ(tap_name("a-b", "c", {tap_name("a", "b-c", {})}), "a-b-c2");
}

LabPlan demo_lab() {
  const Scenario scenario = shipped_scenario("demo");
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy).labs.at(0);
}

TEST(NodePlan, DescribesTheMachine) {
  const LabPlan lab = demo_lab();
  ASSERT_EQ(lab.nodes.size(), 3U);
  const NodePlan& router = lab.nodes[0];
  EXPECT_EQ(router.name, "router");
  EXPECT_EQ(router.image, "debian-12");
  EXPECT_TRUE(router.device_under_test);
  EXPECT_EQ(router.addresses, (Names{"lan 198.18.1.1", "wan 198.18.2.1"}));
  EXPECT_EQ(router.nics.at(1).network, "wan");
  EXPECT_EQ(router.nics.at(1).tap, "router-wan");
  EXPECT_EQ(router.nics.at(1).model, NicModel::vmxnet3);
  EXPECT_FALSE(lab.nodes[1].device_under_test);
}

TEST(NodePlan, GivesEveryNicALocalMacOfItsOwn) {
  std::set<std::string> macs;
  std::size_t count = 0;
  for (const NodePlan& node : demo_lab().nodes) {
    macs.insert(node.management_mac);
    ++count;
    for (const NicPlan& nic : node.nics) {
      macs.insert(nic.mac);
      ++count;
    }
  }
  EXPECT_EQ(macs.size(), count);
  EXPECT_EQ(count, 7U);
  for (const std::string& mac : macs) EXPECT_EQ(mac.rfind("52:54:", 0), 0U) << mac;  // locally administered, unicast
}

std::string configuration_of(const LabPlan& lab, const std::string& node) {
  std::string text;
  for (const Step& step : lab.configuration)
    if (const auto* run = std::get_if<step::RunCommands>(&step); run != nullptr && run->node == node)
      for (const std::string& command : run->commands) text += command + "\n";
  return text;
}

TEST(Configuration, NamesInterfacesAfterTheirNetworks) {
  const std::string client = configuration_of(demo_lab(), "client");
  EXPECT_NE(client.find("52:54:01:00:02:00) n=lan ;;"), std::string::npos) << client;
  EXPECT_NE(client.find("link set dev $i name $n"), std::string::npos);
  EXPECT_NE(client.find("link set dev lan mtu 1500 up\n"), std::string::npos);
  EXPECT_NE(client.find("address add 198.18.1.2/24 dev lan\n"), std::string::npos);
  EXPECT_NE(client.find("route add 198.18.2.0/24 via 198.18.1.1\n"), std::string::npos);
  EXPECT_EQ(client.find("ip_forward"), std::string::npos);
}

TEST(Configuration, ForwardsOnTheRouterOnceItsInterfacesAreUp) {
  const std::string router = configuration_of(demo_lab(), "router");
  const auto forward = router.find("echo 1 > /proc/sys/net/ipv4/ip_forward");
  ASSERT_NE(forward, std::string::npos);
  EXPECT_GT(forward, router.rfind(" up\n"));
}

TEST(Configuration, StartsTheTrafficSourceOnSendersAndRunsTheFilesSetupLast) {
  Scenario scenario = bare_scenario("demo");
  scenario.topology.nodes[0].setup = {"sysctl -w net.ipv4.tcp_mtu_probing=1"};
  const LabPlan lab = make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy).labs.at(0);
  ASSERT_EQ(lab.configuration.size(), 5U);
  EXPECT_EQ(
      describe(lab.configuration[3]),
      "server: traffic source\n    iperf3 --server --daemon --port 5201 --logfile /tmp/iperf3.log\n    { { head -c "
      "1000000 /dev/urandom > /tmp/offlab-stream && sha256sum < /tmp/offlab-stream > /tmp/offlab-stream.sha256 "
      "&& nc -ll -p 5202 -e cat /tmp/offlab-stream; } < /dev/null > /dev/null 2>&1 & }");
  EXPECT_EQ(describe(lab.configuration[4]), "router: setup of the file\n    sysctl -w net.ipv4.tcp_mtu_probing=1");
}

TEST(Configuration, GivesIpv6AddressesWithoutWaitingForThem) {
  Scenario scenario = bare_scenario("demo");
  scenario.topology.networks[1].ipv6 = parse_prefix("2001:2:0:1::/64");
  for (Node& node : scenario.topology.nodes)
    for (Interface& interface : node.interfaces)
      if (interface.network == "lan")
        interface.ipv6 = parse_address(node.name == "client" ? "2001:2:0:1::2" : "2001:2:0:1::1");
  const LabPlan lab = make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy).labs.at(0);
  EXPECT_NE(configuration_of(lab, "client").find("address add 2001:2:0:1::2/64 dev lan nodad\n"), std::string::npos);
  EXPECT_EQ(lab.nodes[1].addresses, Names{"lan 198.18.1.2 2001:2:0:1::2"});
}

}  // namespace
}  // namespace offlab
