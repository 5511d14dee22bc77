// Several networks on one link: a node has one NIC for them.
#include <algorithm>

#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "unit/config/good_file.h"

namespace offlab {
namespace {

const std::string one_arm = R"(name = "one-arm"
[[network]]
name = "v20"
trunk = "wire"
vlan = 20
ipv4 = "198.18.20.0/24"
[[network]]
name = "v10"
trunk = "wire"
vlan = 10
ipv4 = "198.18.10.0/24"
[[node]]
name = "router"
role = "router"
interfaces = [ { network = "v10" }, { network = "v20" } ]
[[node]]
name = "client"
interfaces = [ { network = "v10" } ]
[[node]]
name = "server"
interfaces = [ { network = "v20" } ]
[[flow]]
name = "download"
from = "server"
to = "client"
[[case]]
name = "merged"
set = { "hypervisor.lro" = "merge" }
)";

LabPlan planned() {
  const Scenario scenario = scenario_of(one_arm);
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy).labs.at(0);
}

TEST(Trunk, ARouterHasOneNicOnIt) {
  const LabPlan lab = planned();
  const NodePlan& router = lab.nodes.at(0);
  ASSERT_EQ(router.nics.size(), 1U);
  EXPECT_EQ(router.nics[0].device, "wire");
  EXPECT_EQ(networks_of(router.nics[0]), (std::vector<std::string>{"v10", "v20"}));
  EXPECT_EQ(router.addresses, (std::vector<std::string>{"wire.10 198.18.10.1", "wire.20 198.18.20.1"}));
  EXPECT_EQ(lab.nodes.at(1).nics.at(0).bridge, "wire");
}

TEST(Trunk, IsOneBridgeWithOneStageForANic) {
  const LabPlan lab = planned();
  EXPECT_EQ(std::count_if(lab.bridges.begin(), lab.bridges.end(),
                          [](const BridgePlan& bridge) { return bridge.name == "wire"; }),
            1);
  ASSERT_EQ(lab.stages.size(), 1U);
  EXPECT_EQ(lab.stages[0].wire_bridge, "wire");
}

TEST(Trunk, DataComesInAndLeavesByTheSameTap) {
  const LabPlan lab = planned();
  const LegIntent& intent = lab.cases.at(0).legs.at(0).intent;
  ASSERT_EQ(intent.hops.size(), 1U);
  EXPECT_EQ(intent.hops[0].ingress_tap, intent.hops[0].egress_tap);
  EXPECT_EQ(intent.hops[0].ingress, intent.hops[0].egress);
  EXPECT_EQ(intent.taps.size(), 1U);
  EXPECT_EQ(intent.stages.size(), 1U);
  EXPECT_EQ(intent.hops[0].returned, std::nullopt);
}

TEST(Trunk, MistakesAreTold) {
  const auto mistakes = [](const std::string& piece, const std::string& replacement) {
    std::string text = one_arm;
    text.replace(text.find(piece), piece.size(), replacement);
    return mistakes_in(text);
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(mistakes("vlan = 20", "vlan = 10"), Lines{"f.toml:9:9: trunk 'wire' has the VLAN 10 twice"});
  EXPECT_EQ(
      mistakes("trunk = \"wire\"\nvlan = 20", "vlan = 20"),
      Lines{"f.toml:4:1: 'vlan' of a network is its tag on a 'trunk', which is missing (trunk = \"wire\"; or 'vlan' "
            "in each interface)"});
  EXPECT_EQ(mistakes("trunk = \"wire\"", "trunk = \"v10\""),
            Lines{"f.toml:4:9: 'v10' is a network, and cannot be the trunk of 'v20' (a trunk has a name of its own)"});
  EXPECT_EQ(mistakes("{ network = \"v10\" }, {", "{ network = \"v10\", vlan = 7 }, {"),
            Lines{"f.toml:15:42: the tag of network 'v10' is said where the network is"});
  EXPECT_EQ(mistakes("{ network = \"v20\" } ]", "{ network = \"v20\", model = \"vmxnet3\" } ]"),
            Lines{"f.toml:15:37: 'router' has one NIC on trunk 'wire', and two models for it"});
}

// As a bond has them.
TEST(Trunk, ARouterMayHaveANicForEachOfItsNetworks) {
  std::string text = one_arm;
  const std::string shared = "{ network = \"v10\" }, { network = \"v20\" }";
  text.replace(text.find(shared), shared.size(),
               "{ network = \"v10\", own_nic = true }, { network = \"v20\", own_nic = true, model = \"vmxnet3\" }");
  const ParsedScenario parsed = parse_scenario(text, "f.toml");
  ASSERT_TRUE(parsed.scenario) << lines_of(parsed.diagnostics).front();
  const LabPlan lab =
      make_plan(*parsed.scenario, expand_matrix(*parsed.scenario, {}).cases, Question::healthy).labs.at(0);
  const NodePlan& router = lab.nodes.at(0);
  ASSERT_EQ(router.nics.size(), 2U);
  EXPECT_EQ(router.nics[0].device, "v10");
  EXPECT_EQ(router.nics[1].device, "v20");
  EXPECT_EQ(router.nics[1].model, NicModel::vmxnet3);
  EXPECT_EQ(networks_of(router.nics[0]), std::vector<std::string>{"v10"});
  EXPECT_EQ(router.addresses, (std::vector<std::string>{"v10.10 198.18.10.1", "v20.20 198.18.20.1"}));
  EXPECT_NE(router.nics[0].tap, router.nics[1].tap);
  EXPECT_EQ(lab.stages.size(), 2U);
  const LegIntent& intent = lab.cases.at(0).legs.at(0).intent;
  EXPECT_EQ(intent.hops.at(0).ingress_tap, router.nics[1].tap);
  EXPECT_EQ(intent.hops.at(0).egress_tap, router.nics[0].tap);
}

TEST(Trunk, ANicIsANodesOwnAnywayWhereThereIsNone) {
  EXPECT_EQ(
      mistakes_in(R"(name = "a"
[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"
[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
[[node]]
name = "router"
role = "router"
interfaces = [ { network = "lan", own_nic = true }, { network = "wan", model = "vmxnet3", queues = 4 } ]
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
)"),
      (std::vector<std::string>{"f.toml:11:16: network 'lan' is on no trunk: each of its interfaces is a NIC of its "
                                "own (leave 'own_nic' out)",
                                "f.toml:11:91: a NIC of model vmxnet3 has no choice of queues (only virtio has one)"}));
}

}  // namespace
}  // namespace offlab
