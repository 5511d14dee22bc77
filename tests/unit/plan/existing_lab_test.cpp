// Plans of runs between machines that exist.
#include "plan/existing_lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "config/parse_scenario.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "record/plan_json.h"
#include "session/existing_place.h"
#include "unit/existing_file.h"

namespace offlab {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

Scenario scenario_with(std::vector<Axis> axes) {
  Scenario scenario = *parse_scenario(existing_file, "f.toml").scenario;
  scenario.axes = std::move(axes);
  return scenario;
}

RunPlan plan_of(const Scenario& scenario) {
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

const step::Transfer& transfer_of(const LegPlan& leg) {
  for (const Step& step : leg.steps)
    if (const auto* transfer = std::get_if<step::Transfer>(&step)) return *transfer;
  throw std::logic_error("no transfer");
}

std::vector<std::string> commands_of(const LegPlan& leg) {
  std::vector<std::string> all;
  for (const Step& step : leg.steps)
    if (const auto* apply = std::get_if<step::ApplySettings>(&step))
      for (const step::NodeSettings& node : apply->nodes)
        all.insert(all.end(), node.commands.begin(), node.commands.end());
  return all;
}

TEST(ExistingLab, NothingIsSwitchedWhereNoCaseAsksForIt) {
  const RunPlan plan = plan_of(scenario_with({}));
  ASSERT_EQ(plan.labs.size(), 1U);
  const LabPlan& lab = plan.labs[0];
  EXPECT_TRUE(is_existing(lab));
  EXPECT_THAT(lab.configuration, IsEmpty());
  EXPECT_THAT(lab.bridges, IsEmpty());
  ASSERT_EQ(lab.cases[0].legs.size(), 1U) << "there is no control";
  EXPECT_EQ(lab.cases[0].legs[0].role, LegRole::measured);
  EXPECT_THAT(changes_on_existing(plan), IsEmpty());
  for (const NodePlan& node : lab.nodes) EXPECT_TRUE(is_empty(node.switched)) << node.name;
  // Of the sender it is only asked whether it sets DF; both ends forget path MTUs.
  EXPECT_THAT(commands_of(lab.cases[0].legs[0]),
              ElementsAre("echo 1 > /proc/sys/net/ipv4/route/flush", StartsWith("read d < "),
                          "echo 1 > /proc/sys/net/ipv4/route/flush"));
}

TEST(ExistingLab, WhatCasesSwitchIsKnownBeforehand) {
  const RunPlan plan =
      plan_of(scenario_with({{"router.wan.lro", {"on", "off"}}, {"router.sysctl.net.ipv4.tcp_sack", {"0"}}}));
  const NodePlan& router = plan.labs[0].nodes[0];
  // The control switches LRO off on all NICs of the router.
  EXPECT_EQ(router.switched.offloads, (std::set<std::string>{"ens192", "ens224.10"}));
  EXPECT_THAT(router.switched.mtus, IsEmpty());
  ASSERT_EQ(router.switched.files.size(), 1U);
  EXPECT_EQ(router.switched.files.begin()->path, "/proc/sys/net/ipv4/tcp_sack");
  EXPECT_TRUE(is_empty(plan.labs[0].nodes[1].switched));
  EXPECT_EQ(plan.labs[0].cases[0].legs[0].role, LegRole::control);
  EXPECT_THAT(changes_on_existing(plan),
              ElementsAre("router: ethtool -K ens192 lro off", "router: ethtool -K ens224.10 lro off",
                          "router: sysctl net.ipv4.tcp_sack = 0", "router: ethtool -K ens192 lro on"));
}

TEST(ExistingLab, AnMtuIsPutBackWithTheOffloadsOfItsNic) {
  const RunPlan plan = plan_of(scenario_with({{"router.wan.mtu", {"1500", "1400"}}}));
  const Switched& switched = plan.labs[0].nodes[0].switched;
  EXPECT_THAT(switched.mtus, ElementsAre("ens192"));
  EXPECT_THAT(switched.offloads, Contains("ens192"));
  EXPECT_THAT(changes_on_existing(plan), Contains("router: ip link set dev ens192 mtu 1400"));
}

TEST(ExistingLab, TheFileSaysWhatTheMachineHasAndTheCaseWhatIsSwitched) {
  const RunPlan plan = plan_of(scenario_with({{"router.wan.mtu", {"1400"}}}));
  EXPECT_EQ(plan.labs[0].nodes[0].expected.nics[0].mtu, Mtu{1500});
  EXPECT_THAT(plan.labs[0].nodes[0].switched.mtus, ElementsAre("ens192"));
}

TEST(ExistingLab, TransfersKeepTheirLimits) {
  Scenario scenario = scenario_with({});
  scenario.measure.duration_seconds = 100;
  scenario.measure.max_rate = {80e6};
  scenario.measure.max_bytes = {100'000'000};
  scenario.measure.max_seconds = 30;
  const LegPlan leg = plan_of(scenario).labs[0].cases[0].legs[0];
  const step::Transfer& transfer = transfer_of(leg);
  EXPECT_EQ(transfer.rate, BitRate{80e6});
  EXPECT_TRUE(transfer.starts_listener);
  EXPECT_DOUBLE_EQ(transfer.duration_seconds + transfer.warmup_seconds, 10);  // 100 MB at 80 Mbit/s
  EXPECT_EQ(leg.intent.integrity_bytes, 0U);
  scenario.measure.max_seconds = 5;
  EXPECT_DOUBLE_EQ(transfer_of(plan_of(scenario).labs[0].cases[0].legs[0]).duration_seconds, 4.5);
}

TEST(ExistingLab, FramesAreSeenInsideOfTheRouterOrOnItsHost) {
  const HopIntent hop = plan_of(scenario_with({})).labs[0].cases[0].legs[0].intent.hops[0];
  EXPECT_EQ(hop.ingress, (CapturePoint{"router-wan", "router", CaptureSide::host}));
  EXPECT_EQ(hop.egress, (CapturePoint{"router-lan", "router", CaptureSide::guest}));
}

TEST(ExistingLab, TheMachinesOwnAddressesAreExpected) {
  const NodePlan router = plan_of(scenario_with({})).labs[0].nodes[0];
  ASSERT_EQ(router.expected.nics.size(), 2U);
  EXPECT_EQ(router.expected.nics[0].device, "ens192");
  EXPECT_EQ(router.expected.nics[0].mac, "");
  EXPECT_THAT(router.expected.nics[0].addresses, ElementsAre("203.0.113.1/24"));
  EXPECT_TRUE(router.expected.forwards_ipv4);
  EXPECT_EQ(router.image, "");
}

// Merging that FreeBSD has no word for is no change there.
TEST(ExistingLab, FreebsdIsSwitchedInItsOwnWords) {
  Scenario scenario = scenario_with({{"router.wan.lro", {"on"}},
                                     {"router.wan.tx", {"off"}},
                                     {"router.wan.gro", {"off"}},
                                     {"router.wan.mtu", {"1400"}}});
  scenario.topology.nodes[0].existing->system = SystemKind::freebsd;
  const RunPlan plan = plan_of(scenario);
  const std::vector<std::string> changes = changes_on_existing(plan);
  EXPECT_THAT(changes, Contains("router: ifconfig ens192 lro"));
  EXPECT_THAT(changes, Contains("router: ifconfig ens192 -txcsum -txcsum6"));
  EXPECT_THAT(changes, Contains("router: ifconfig ens192 mtu 1400"));
  for (const std::string& line : changes) EXPECT_THAT(line, StartsWith("router: ifconfig ens"));
  const LegPlan& leg = plan.labs[0].cases[0].legs[1];
  EXPECT_THAT(commands_of(leg), Contains("ifconfig ens192 mtu 1400"));
  for (const Step& step : leg.steps) EXPECT_EQ(describe(step).find("ethtool"), std::string::npos);
  EXPECT_EQ(plan_from_json(plan_to_json(plan)), plan);
}

TEST(ExistingLab, APlanIsReadBackAsItWasWritten) {
  const RunPlan plan = plan_of(scenario_with({{"router.wan.mtu", {"1500", "1400"}}}));
  EXPECT_EQ(plan_from_json(plan_to_json(plan)), plan);
}

Scenario on_hosts(std::vector<Axis> axes) {
  Scenario scenario = scenario_with(std::move(axes));
  scenario.topology.hosts =
      HostLro{.file = "/lab/esxi.toml",
              .change = {.reboot = EsxiReboot::host_reboot, .machines = {"router"}, .maintenance = true}};
  return scenario;
}

// What the hosts have is switched between labs: once for all cases that share a value.
TEST(ExistingLab, CasesThatShareAValueOfTheHostsShareALab) {
  const RunPlan plan =
      plan_of(on_hosts({{"router.wan.gro", {"on", "off"}}, {"hypervisor.lro", {"passthrough", "off"}}}));
  ASSERT_EQ(plan.labs.size(), 2U);
  EXPECT_TRUE(plan.labs[0].host_lro->on);
  EXPECT_FALSE(plan.labs[1].host_lro->on);
  for (const LabPlan& lab : plan.labs) {
    EXPECT_EQ(lab.cases.size(), 2U);
    EXPECT_EQ(lab.host_lro->file, "/lab/esxi.toml");
    EXPECT_THAT(lab.stages, IsEmpty());
    for (const CasePlan& one : lab.cases)
      for (const LegPlan& leg : one.legs) {
        EXPECT_EQ(leg.intent.host_lro, lab.host_lro->on) << "the control has the host of its case";
        EXPECT_THAT(leg.intent.taps, IsEmpty());
        if (leg.role == LegRole::measured) {
          EXPECT_EQ(leg.intent.hops[0].needs_merging, lab.host_lro->on);
        }
      }
  }
}

TEST(ExistingLab, WhereOnlyTheHostsDifferMachinesAreOnlyLookedAt) {
  const RunPlan plan = plan_of(on_hosts({{"hypervisor.lro", {"merge", "off"}}}));
  ASSERT_EQ(plan.labs.size(), 2U);
  for (const LabPlan& lab : plan.labs) {
    EXPECT_EQ(lab.cases[0].legs.size(), 1U);
    for (const NodePlan& node : lab.nodes) EXPECT_TRUE(is_empty(node.switched)) << node.name;
  }
}

TEST(ExistingLab, WhatHostsAreSwitchedToIsInThePlansFile) {
  const RunPlan plan = plan_of(on_hosts({{"hypervisor.lro", {"passthrough"}}}));
  EXPECT_EQ(plan_from_json(plan_to_json(plan)), plan);
}

TEST(ExistingLab, HostsAreLeftAloneThatNobodyNames) {
  Scenario scenario = scenario_with({});
  for (Network& network : scenario.topology.networks) network.hypervisor_lro = HypervisorLro::passthrough;
  EXPECT_THAT(trouble_with_existing(scenario.topology), testing::HasSubstr("for that of an ESXi host: host = "));
  scenario.topology.hosts = HostLro{};
  EXPECT_EQ(trouble_with_existing(scenario.topology), "");
  scenario.topology.networks[0].hypervisor_lro = HypervisorLro::off;
  EXPECT_THAT(trouble_with_existing(scenario.topology), testing::HasSubstr("are for all of its NICs"));
}

}  // namespace
}  // namespace offlab
