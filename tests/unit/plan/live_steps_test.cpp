// What can be switched in a running lab, and which machines are another lab.
#include "plan/live_steps.h"

#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "setting/setting.h"
#include "setting/switch_commands.h"
#include "setting/traffic_source.h"
#include "shipped_scenarios.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;

Topology with(Topology topology, const std::vector<SettingText>& settings) {
  for (const SettingText& setting : settings) EXPECT_FALSE(apply_setting(topology, setting)) << setting.first;
  return topology;
}

class LiveSteps : public testing::Test {
 protected:
  Lines steps(const std::vector<SettingText>& from, const std::vector<SettingText>& to) const {
    Lines lines;
    for (const Step& step : live_steps(with(topology_, from), with(topology_, to), lab_))
      lines.push_back(describe(step));
    return lines;
  }

  Scenario scenario_ = shipped_scenario("vmxnet3-router");
  Topology topology_ = scenario_.topology;
  LabPlan lab_ = plan_staying_lab(scenario_, topology_, expand_matrix(scenario_, {}).cases);
};

TEST_F(LiveSteps, NothingToDoIsNothingDone) {
  EXPECT_TRUE(steps({}, {}).empty());
  EXPECT_TRUE(steps({{"router.lro", "on"}}, {{"router.lro", "on"}}).empty());
}

TEST_F(LiveSteps, AnOffloadIsSwitchedOnItsInterfacesOnly) {
  EXPECT_EQ(steps({}, {{"router.wan.lro", "on"}}),
            Lines({"all: settings of this case\n    router: ethtool -K wan lro on"}));
}

TEST_F(LiveSteps, AnOffloadThatIsNoLongerAskedForGoesBackToWhatTheGuestHad) {
  const auto made = live_steps(with(topology_, {{"router.wan.lro", "on"}}), topology_, lab_);
  ASSERT_EQ(made.size(), 1U);
  const step::NodeSettings& router = std::get<step::ApplySettings>(made.front()).nodes.at(0);
  EXPECT_EQ(router.features.at("wan").at("large-receive-offload"), std::nullopt);
}

TEST_F(LiveSteps, TapsAreForcedAfterTheGuestsAreSwitchedAndAlwaysAgain) {
  const Lines both =
      steps({{"hypervisor.lro", "passthrough"}}, {{"hypervisor.lro", "passthrough"}, {"router.wan.lro", "on"}});
  EXPECT_EQ(both, Lines({"all: settings of this case\n    router: ethtool -K wan lro on",
                         "host: tap router-lan: force hypervisor.lro = passthrough",
                         "host: tap router-wan: force hypervisor.lro = passthrough"}));
  EXPECT_TRUE(steps({{"hypervisor.lro", "passthrough"}}, {{"hypervisor.lro", "off"}}).empty());
}

TEST_F(LiveSteps, ASysctlIsSetAndPutBackWhereItIsNoLongerAskedFor) {
  const std::vector<SettingText> eight = {{"client.sysctl.net.ipv4.tcp_rmem", "4096  87380 6291456"}};
  const std::string begin = "all: settings of this case\n    client: sysctl net.ipv4.tcp_rmem ";
  EXPECT_EQ(steps({}, eight), Lines({begin + "= 4096  87380 6291456"}));
  EXPECT_EQ(steps(eight, {}), Lines({begin + "(as it was before it was set)"}));
  EXPECT_TRUE(steps(eight, eight).empty());
  EXPECT_TRUE(steps_back(topology_, {Case{"a", {}, with(topology_, eight), FaultClass::healthy}}).empty());
}

TEST_F(LiveSteps, TheSourceIsStartedAgainWhenDfIsSwitched) {
  const auto made = live_steps(topology_, with(topology_, {{"download.df", "false"}}), lab_);
  ASSERT_EQ(made.size(), 1U);
  const auto& nodes = std::get<step::ApplySettings>(made[0]).nodes;
  ASSERT_EQ(nodes.size(), 1U);
  EXPECT_EQ(nodes[0].node, "server");
  EXPECT_EQ(nodes[0].commands.front(), df_command(false));
  EXPECT_NE(df_command(false).find(restart_source_command()), std::string::npos);
}

TEST_F(LiveSteps, AFileWithoutDfIsWithoutItWhenTheLabIsUp) {
  const auto first = first_steps(with(topology_, {{"download.df", "false"}}), lab_);
  ASSERT_FALSE(first.empty());
  EXPECT_EQ(std::get<step::ApplySettings>(first[0]).nodes.at(0).commands.front(), df_command(false));
}

TEST_F(LiveSteps, ANicThatComesUpAnewGetsItsOffloadsAgain) {
  const auto made = live_steps(with(topology_, {{"router.wan.lro", "off"}}),
                               with(topology_, {{"router.wan.lro", "off"}, {"router.wan.mtu", "1400"}}), lab_);
  ASSERT_EQ(made.size(), 1U);
  const step::NodeSettings& router = std::get<step::ApplySettings>(made[0]).nodes.at(0);
  EXPECT_EQ(router.node, "router");
  EXPECT_FALSE(router.commands.empty());
  EXPECT_EQ(router.features.at("wan").at("large-receive-offload"), false);
}

TEST_F(LiveSteps, TheFirstStepsAreTheOffloadsAndTapsOfTheTopology) {
  Lines lines;
  for (const Step& step :
       first_steps(with(topology_, {{"router.wan.lro", "off"}, {"wan.hypervisor.lro", "passthrough"}}), lab_))
    lines.push_back(describe(step));
  EXPECT_EQ(lines, Lines({"all: settings of this case\n    router: ethtool -K wan lro off",
                          "host: tap router-wan: force hypervisor.lro = passthrough"}));
}

TEST_F(LiveSteps, MergingNeedsAStageThatTheLabWasBuiltWith) {
  const Topology merging = with(topology_, {{"router.wan.hypervisor.lro", "merge"}});
  EXPECT_EQ(missing_stage(merging, lab_), "router's NIC on wan has nothing before it that could coalesce packets");
  scenario_.named_cases.push_back({"merge", {{"router.wan.hypervisor.lro", "merge"}}, std::nullopt});
  const LabPlan with_stage = plan_staying_lab(scenario_, topology_, expand_matrix(scenario_, {}).cases);
  EXPECT_EQ(missing_stage(merging, with_stage), std::nullopt);
  Lines lines;
  for (const Step& step : live_steps(topology_, merging, with_stage)) lines.push_back(describe(step));
  EXPECT_EQ(lines, Lines({"host: merge stage w-router-wan | m-router-wan: coalesce what comes from the wire",
                          "host: tap router-wan: force hypervisor.lro = merge"}));
}

TEST_F(LiveSteps, ALabThatStaysHasNoCasesAndCarriesJumboFrames) {
  EXPECT_TRUE(lab_.cases.empty());
  ASSERT_EQ(lab_.bridges.size(), 2U);
  for (const BridgePlan& bridge : lab_.bridges) EXPECT_GE(bridge.mtu.bytes, 9000U);
}

TEST_F(LiveSteps, WhatNobodyReadsBackIsPutBackByCommands) {
  Case slow{"slow", {}, with(topology_, {{"wan.rate", "10mbit"}, {"router.lro", "on"}}), FaultClass::healthy};
  Case many{"many", {}, with(topology_, {{"download.streams", "64"}}), FaultClass::healthy};
  Lines lines;
  for (const Step& step : steps_back(with(topology_, {{"wan.rate", "1gbit"}}), {slow, many}))
    lines.push_back(describe(step));
  EXPECT_EQ(
      lines,
      Lines({"client: settings of the lab\n    echo 4096 131072 6291456 > /proc/sys/net/ipv4/tcp_rmem; echo 4096 "
             "16384 4194304 > /proc/sys/net/ipv4/tcp_wmem",
             "server: settings of the lab\n    tc qdisc replace dev wan root netem limit 20000 rate 1000000000bit\n"
             "    echo 4096 131072 6291456 > /proc/sys/net/ipv4/tcp_rmem; echo 4096 16384 4194304 > "
             "/proc/sys/net/ipv4/tcp_wmem"}));
  EXPECT_TRUE(
      steps_back(topology_, {Case{"same", {}, with(topology_, {{"wan.mtu", "1400"}}), FaultClass::healthy}}).empty());
}

TEST_F(LiveSteps, AQueueOfItsOwnIsThatOfARouter) {
  Case short_one{"short", {}, with(topology_, {{"wan.queue", "200kB"}}), FaultClass::healthy};
  const auto steps = steps_back(with(topology_, {{"wan.rate", "50mbit"}, {"wan.queue", "300kB"}}), {short_one});
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(
      describe(steps[0]),
      "server: settings of the lab\n    tc qdisc replace dev wan root tbf rate 50000000bit burst 70000 limit 300000");
}

class MachineDifference : public LiveSteps {
 protected:
  std::string of(const std::vector<SettingText>& settings) const {
    return machine_difference(topology_, with(topology_, settings)).value_or("");
  }
};

TEST_F(MachineDifference, WhatIsSwitchedLiveIsNone) {
  EXPECT_EQ(of({{"router.lro", "on"}, {"hypervisor.lro", "passthrough"}, {"wan.mtu", "9000"}, {"client.mtu", "1400"}}),
            "");
}

TEST_F(MachineDifference, WhatBelongsToARunIsNone) {
  EXPECT_EQ(of({{"limits.coverage", "1%"}, {"limits.strict", "true"}}), "");
  EXPECT_EQ(of({{"wan.rate", "10mbit"}, {"download.streams", "4"}, {"download.family", "ipv6"}}), "");
}

TEST_F(MachineDifference, IsNamed) {
  EXPECT_EQ(of({{"router.wan.model", "virtio"}}), "router's NIC on wan has model vmxnet3 in the lab, virtio here");
  EXPECT_EQ(of({{"client.memory", "512"}}), "client has memory 192 in the lab, 512 here");
  EXPECT_EQ(of({{"server.vcpus", "2"}}), "server has vcpus 1 in the lab, 2 here");
}

TEST_F(MachineDifference, OtherNodesAndNetworksAreNamed) {
  Topology other = topology_;
  other.nodes.back().name = "stranger";
  EXPECT_EQ(machine_difference(topology_, other), "there is no 'stranger' in the lab");
  other = topology_;
  other.networks.front().ipv4 = parse_prefix("198.18.9.0/24");
  EXPECT_EQ(machine_difference(topology_, other), "network 'wan' differs");
  other = topology_;
  other.nodes.front().setup = {"true"};
  EXPECT_EQ(machine_difference(topology_, other), "router's addresses, interfaces or setup differ");
  other = topology_;
  other.nodes.pop_back();
  EXPECT_TRUE(machine_difference(topology_, other).has_value());
}

}  // namespace
}  // namespace offlab
