// A NIC is called in its guest what the topology says, whatever its network is called.
#include <algorithm>
#include <regex>

#include <gtest/gtest.h>

#include "lab/snapshot_script.h"
#include "plan/expand_matrix.h"
#include "plan/live_steps.h"
#include "plan/make_plan.h"
#include "shipped_scenarios.h"

namespace offlab {
namespace {

constexpr const char* device = "ens192";

Interface& router_wan(Topology& topology) {
  auto& interfaces = find_node(topology, "router")->interfaces;
  return *std::find_if(interfaces.begin(), interfaces.end(), [](const Interface& one) { return one.network == "wan"; });
}

Scenario scenario_with_device() {
  Scenario scenario = shipped_scenario("vmxnet3-router");
  router_wan(scenario.topology).device = device;
  return scenario;
}

RunPlan plan_with_device() {
  const Scenario scenario = scenario_with_device();
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

// Everything that the router is told to do.
std::vector<std::string> commands_for_router(const RunPlan& plan) {
  std::vector<std::string> commands;
  const auto add = [&](const Step& step) {
    if (const auto* run = std::get_if<step::RunCommands>(&step); run != nullptr && run->node == "router")
      commands.insert(commands.end(), run->commands.begin(), run->commands.end());
    if (const auto* apply = std::get_if<step::ApplySettings>(&step))
      for (const step::NodeSettings& node : apply->nodes) {
        if (node.node != "router") continue;
        commands.insert(commands.end(), node.commands.begin(), node.commands.end());
        for (const auto& [name, features] : node.features) commands.push_back("ethtool -K " + name);
      }
  };
  for (const LabPlan& lab : plan.labs) {
    for (const Step& step : lab.configuration) add(step);
    for (const CasePlan& one : lab.cases)
      for (const LegPlan& leg : one.legs)
        for (const Step& step : leg.steps) add(step);
  }
  return commands;
}

TEST(DeviceNames, AreThoseOfTheNetworksByDefault) {
  Interface interface;
  interface.network = "wan";
  EXPECT_EQ(device_of(interface), "wan");
  EXPECT_EQ(addressed_device(interface), "wan");
  interface.device = device;
  interface.vlan = 10;
  EXPECT_EQ(device_of(interface), device);
  EXPECT_EQ(addressed_device(interface), "ens192.10");
}

TEST(DeviceNames, EveryCommandOfTheNodeUsesThem) {
  const std::vector<std::string> commands = commands_for_router(plan_with_device());
  const std::regex network("(^|[^a-z0-9])wan($|[^a-z0-9])");
  for (const std::string& command : commands) EXPECT_FALSE(std::regex_search(command, network)) << command;
  const auto used = [&](const std::string& text) {
    return std::any_of(commands.begin(), commands.end(),
                       [&](const std::string& command) { return command.find(text) != std::string::npos; });
  };
  EXPECT_TRUE(used("n=ens192 ;;"));
  EXPECT_TRUE(used("link set dev ens192 mtu 1500 up"));
  EXPECT_TRUE(used("dev ens192\n"));
  EXPECT_TRUE(used("ethtool -K ens192 lro on && ip link set dev ens192 mtu 9000"));
  EXPECT_TRUE(used("ethtool -K ens192"));
}

TEST(DeviceNames, ThePlanAndItsIntentsKnowThem) {
  const LabPlan lab = plan_with_device().labs.at(0);
  EXPECT_EQ(lab.nodes.at(0).nics.at(0).device, "lan");
  EXPECT_EQ(lab.nodes.at(0).nics.at(1).device, device);
  for (const LegPlan& leg : lab.cases.at(0).legs) {
    EXPECT_EQ(find_nic(leg.intent, {"router", "wan"})->device, device);
    EXPECT_EQ(find_nic(leg.intent, {"server", "wan"})->device, "wan");
    EXPECT_EQ(find_nic(leg.intent, {"client", "wan"}), nullptr);
  }
}

TEST(DeviceNames, SnapshotsAskForThem) {
  const std::string script = snapshot_script(plan_with_device().labs.at(0).nodes.at(0), "before", "mark");
  EXPECT_NE(script.find("offlab-state -d -s lan -s ens192"), std::string::npos) << script;
}

TEST(DeviceNames, SettingsOfARunningLabUseThem) {
  const Scenario scenario = scenario_with_device();
  const Topology& from = scenario.topology;
  Topology to = from;
  router_wan(to).features["large-receive-offload"] = true;
  const std::vector<Step> steps = live_steps(from, to, plan_with_device().labs.at(0));
  const auto& apply = std::get<step::ApplySettings>(steps.at(0));
  EXPECT_EQ(apply.nodes.at(0).features.count(device), 1U);
  EXPECT_EQ(apply.nodes.at(0).features.count("wan"), 0U);
}

}  // namespace
}  // namespace offlab
