// Cases become labs, legs and steps, in the right order.
#include "plan/make_plan.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "plan/expand_matrix.h"
#include "setting/traffic_source.h"
#include "shipped_scenarios.h"

namespace offlab {
namespace {

RunPlan plan_of(const Scenario& scenario) {
  return make_plan(scenario, expand_matrix(scenario, {}).cases, Question::healthy);
}

RunPlan plan_of_axes(std::vector<Axis> axes) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.axes = std::move(axes);
  return plan_of(scenario);
}

const LegPlan& leg_of(const RunPlan& plan, const std::string& id, LegRole role = LegRole::measured) {
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases)
      for (const LegPlan& leg : one.legs)
        if (one.id == id && leg.role == role) return leg;
  throw std::logic_error("no leg of " + id);
}

template <typename One>
std::vector<One> steps_of(const std::vector<Step>& steps) {
  std::vector<One> found;
  for (const Step& step : steps)
    if (const One* one = std::get_if<One>(&step)) found.push_back(*one);
  return found;
}

// The first line of each step.
std::vector<std::string> outline(const std::vector<Step>& steps) {
  std::vector<std::string> lines;
  for (const Step& step : steps) {
    const std::string text = describe(step);
    lines.push_back(text.substr(0, text.find('\n')));
  }
  return lines;
}

using Lines = std::vector<std::string>;

TEST(MakePlan, ALegIsConfiguredCheckedForcedRecordedAndReleased) {
  const RunPlan plan = plan_of(shipped_scenario("vmxnet3-router"));
  EXPECT_EQ(outline(leg_of(plan, "hypervisor-lro").steps),
            (Lines{"all: settings of this case", "client: ping 198.18.2.2",
                   "host: tap router-lan: force hypervisor.lro = passthrough",
                   "host: tap router-wan: force hypervisor.lro = passthrough",
                   "host: capture router-wan router-lan (192 B a frame, at most 64.0 MB a file)",
                   "all: counters, settings, kernel log (before)",
                   "server -> client: bulk TCP from 198.18.2.2:5201, at most 2.5 s after 0.5 s of warm-up",
                   "all: counters, settings, kernel log (after)", "host: end capture",
                   "server -> client: 1.00 MB from 198.18.2.2:5202, SHA-256 at both ends",
                   "host: put forced taps back as they were"}));
}

TEST(MakePlan, TheControlForcesNothing) {
  const RunPlan plan = plan_of(shipped_scenario("vmxnet3-router"));
  const LegPlan& control = leg_of(plan, "hypervisor-lro", LegRole::control);
  EXPECT_TRUE(steps_of<step::ForceTap>(control.steps).empty());
  EXPECT_FALSE(control.intent.hops.at(0).needs_merging);
  EXPECT_EQ(control.intent.taps, (std::map<std::string, HypervisorLro>{{"router-lan", HypervisorLro::off},
                                                                       {"router-wan", HypervisorLro::off}}));
  for (const CasePlan& one : plan.labs[0].cases) {
    ASSERT_EQ(one.legs.size(), 4U);
    EXPECT_EQ(one.legs[0].role, LegRole::control);
    EXPECT_EQ(one.legs[1].role, LegRole::measured);
  }
}

TEST(MakePlan, RoundsAreInterleaved) {
  Scenario scenario = shipped_scenario("demo");
  scenario.measure.rounds = 3;
  const RunPlan plan = plan_of(scenario);
  std::vector<std::string> names;
  for (const LegPlan& leg : plan.labs[0].cases[0].legs) names.push_back(leg_name(leg.role, leg.round));
  EXPECT_EQ(names, (Lines{"control", "case", "case-2", "control-2", "control-3", "case-3"}));
  EXPECT_EQ(outline(plan.labs[0].cases[0].legs[1].steps), outline(plan.labs[0].cases[0].legs[2].steps));
  EXPECT_DOUBLE_EQ(usual_traffic_seconds(plan.labs[0].cases[0]), 6);
}

TEST(MakePlan, OnlyTheCaseSendsAFixedNumberOfBytes) {
  const RunPlan plan = plan_of(shipped_scenario("demo"));
  const auto of_case = steps_of<step::CheckStream>(leg_of(plan, "broken").steps);
  ASSERT_EQ(of_case.size(), 1U);
  EXPECT_EQ(of_case[0].bytes, 1'000'000U);
  EXPECT_EQ(leg_of(plan, "broken").intent.integrity_bytes, 1'000'000U);
  EXPECT_TRUE(steps_of<step::CheckStream>(leg_of(plan, "broken", LegRole::control).steps).empty());
  EXPECT_EQ(leg_of(plan, "broken", LegRole::control).intent.integrity_bytes, 0U);
}

TEST(MakePlan, WithoutIntegrityBytesNothingIsSentBesideTheFlow) {
  Scenario scenario = shipped_scenario("demo");
  scenario.measure.integrity_bytes = {0};
  const RunPlan plan = plan_of(scenario);
  EXPECT_TRUE(steps_of<step::CheckStream>(leg_of(plan, "broken").steps).empty());
  for (const auto& run : steps_of<step::RunCommands>(plan.labs[0].configuration))
    if (run.purpose == "traffic source") {
      EXPECT_EQ(run.commands.size(), 1U);
    }
}

TEST(MakePlan, AnIntentSaysWhatIsAskedOfTheLab) {
  const LegIntent intent = leg_of(plan_of(shipped_scenario("vmxnet3-router")), "larger-upstream-mtu").intent;
  EXPECT_EQ(intent.flow.name, "download");
  EXPECT_EQ(to_string(intent.source), "198.18.2.2");
  EXPECT_EQ(to_string(intent.destination), "198.18.1.2");
  EXPECT_EQ(intent.port, 5201);
  EXPECT_EQ(intent.hops.at(0).hop, (Hop{"router", "wan", "lan"}));
  EXPECT_EQ(intent.hops.at(0).ingress_tap, "router-wan");
  EXPECT_EQ(intent.hops.at(0).egress_tap, "router-lan");
  EXPECT_EQ(intent.hops.at(0).ingress, (CapturePoint{"router-wan", "router", CaptureSide::host}));
  EXPECT_EQ(intent.hops.at(0).egress, (CapturePoint{"router-lan", "router", CaptureSide::host}));
  EXPECT_EQ(intent.hops.at(0).wire, std::nullopt);
  EXPECT_EQ(intent.hops.at(0).ingress_mtu, Mtu{9000});
  EXPECT_EQ(intent.hops.at(0).egress_mtu, Mtu{1500});
  EXPECT_TRUE(intent.hops.at(0).ingress_lro);
  EXPECT_TRUE(intent.hops.at(0).needs_merging);
  EXPECT_EQ(intent.features, (std::vector<WantedFeature>{{{"router", "lan"}, "large-receive-offload", true},
                                                         {{"router", "wan"}, "large-receive-offload", true}}));
  EXPECT_EQ(intent.nics, (std::vector<NicIntent>{{{"router", "lan"}, "lan", Mtu{1500}},
                                                 {{"router", "wan"}, "wan", Mtu{9000}},
                                                 {{"client", "lan"}, "lan", Mtu{1500}},
                                                 {{"server", "wan"}, "wan", Mtu{1500}}}));
  EXPECT_EQ(intent.routers, Lines{"router"});
  EXPECT_EQ(intent.duration_seconds, 2.5);
  EXPECT_EQ(intent.warmup_seconds, 0.5);
}

TEST(MakePlan, MergingIsNeededWhereTheIngressSideMerges) {
  const auto needed = [](const char* key, const char* value) {
    return plan_of_axes({{key, {value}}}).labs[0].cases[0].legs[1].intent.hops.at(0).needs_merging;
  };
  EXPECT_TRUE(needed("router.lro", "on"));
  EXPECT_TRUE(needed("router.wan.rx-gro-hw", "on"));
  EXPECT_TRUE(needed("wan.hypervisor.lro", "passthrough"));
  EXPECT_FALSE(needed("router.lro", "off"));
  EXPECT_FALSE(needed("router.lan.lro", "on"));
  EXPECT_FALSE(needed("lan.hypervisor.lro", "passthrough"));
}

TEST(MakePlan, AFlowTheOtherWayEntersAtTheOtherTap) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.topology.flows = {{"upload", "client", "server", Family::ipv4, true}};
  const RunPlan plan = plan_of(scenario);
  const LegPlan& leg = plan.labs[0].cases[0].legs[1];
  EXPECT_EQ(leg.intent.hops.at(0).ingress_tap, "router-lan");
  EXPECT_EQ(leg.intent.hops.at(0).egress_tap, "router-wan");
  EXPECT_EQ(to_string(leg.intent.source), "198.18.1.2");
  EXPECT_EQ(steps_of<step::CheckPath>(leg.steps).at(0).node, "server");
  EXPECT_EQ(steps_of<step::Transfer>(leg.steps).at(0).receiver, "server");
  EXPECT_EQ(describe(plan.labs[0].configuration.back()).rfind("client: traffic source\n", 0), 0U);
}

TEST(MakePlan, ANetworksHypervisorLroForcesItsTapOnly) {
  const RunPlan plan = plan_of_axes({{"wan.hypervisor.lro", {"passthrough"}}});
  const auto forced = steps_of<step::ForceTap>(plan.labs[0].cases[0].legs[1].steps);
  ASSERT_EQ(forced.size(), 1U);
  EXPECT_EQ(forced[0].tap, "router-wan");
  EXPECT_EQ(forced[0].lro, HypervisorLro::passthrough);
}

TEST(MakePlan, SettingsOfARunningLabShareOne) {
  const RunPlan plan = plan_of_axes({{"router.lro", {"off", "on"}},
                                     {"hypervisor.lro", {"off", "passthrough"}},
                                     {"lan.mtu", {"1500", "1400"}},
                                     {"download.df", {"true", "false"}}});
  ASSERT_EQ(plan.labs.size(), 1U);
  EXPECT_EQ(plan.labs[0].name, "lab-1");
  EXPECT_EQ(plan.labs[0].cases.size(), 16U);
}

TEST(MakePlan, WhatAMachineIsMadeOfSplitsLabs) {
  for (const Axis& axis : std::vector<Axis>{{"router.model", {"vmxnet3", "virtio"}},
                                            {"client.lan.model", {"virtio", "e1000"}},
                                            {"server.vcpus", {"1", "2"}},
                                            {"server.memory", {"256", "512"}}})
    EXPECT_EQ(plan_of_axes({axis}).labs.size(), 2U) << axis.key;
}

TEST(MakePlan, LabsAndCasesKeepTheOrderOfTheList) {
  const RunPlan plan = plan_of_axes({{"router.lro", {"off", "on"}}, {"router.model", {"vmxnet3", "virtio"}}});
  Lines seen;
  for (const LabPlan& lab : plan.labs)
    for (const CasePlan& one : lab.cases) seen.push_back(lab.name + " " + one.folder + " " + one.id);
  EXPECT_EQ(seen, (Lines{
                      "lab-1 cases/01-router.lro=off-router.model=vmxnet3 router.lro=off,router.model=vmxnet3",
                      "lab-1 cases/02-router.lro=on-router.model=vmxnet3 router.lro=on,router.model=vmxnet3",
                      "lab-2 cases/03-router.lro=off-router.model=virtio router.lro=off,router.model=virtio",
                      "lab-2 cases/04-router.lro=on-router.model=virtio router.lro=on,router.model=virtio",
                  }));
  EXPECT_EQ(plan.labs[0].nodes[0].nics[0].model, NicModel::vmxnet3);
  EXPECT_EQ(plan.labs[1].nodes[0].nics[0].model, NicModel::virtio);
}

TEST(MakePlan, AFeatureThatSomeCaseSetsIsPutBackInTheOthers) {
  const RunPlan plan = plan_of(shipped_scenario("virtio-router"));
  const auto server = [&](const char* id) {
    std::map<std::string, std::optional<bool>> features;
    for (const auto& apply : steps_of<step::ApplySettings>(leg_of(plan, id).steps))
      for (const step::NodeSettings& node : apply.nodes)
        if (node.node == "server") features = node.features.at("wan");
    return features;
  };
  using Features = std::map<std::string, std::optional<bool>>;
  EXPECT_EQ(server("control-sender-tso-off"),
            (Features{{"tcp-segmentation-offload", false}, {"generic-segmentation-offload", false}}));
  EXPECT_EQ(server("hypervisor-lro"),
            (Features{{"tcp-segmentation-offload", std::nullopt}, {"generic-segmentation-offload", std::nullopt}}));
}

TEST(MakePlan, OnlyInterfacesWhoseMtuVariesAreSwitched) {
  const RunPlan plan = plan_of(shipped_scenario("vmxnet3-router"));
  const auto commands = [&](const char* id, const std::string& node) {
    Lines switched;
    for (const auto& apply : steps_of<step::ApplySettings>(leg_of(plan, id).steps))
      for (const step::NodeSettings& settings : apply.nodes)
        for (const std::string& command : settings.commands)
          if (settings.node == node && command.find(" mtu ") != std::string::npos) switched.push_back(command);
    return switched;
  };
  // vmxnet3 comes up again with a new MTU, and must do so with LRO on.
  EXPECT_EQ(commands("smaller-client-mtu", "router"),
            (Lines{"read m < /sys/class/net/lan/mtu; [ $m = 1400 ] || { ethtool -K lan lro on && ip link set dev lan "
                   "mtu 1400; }",
                   "read m < /sys/class/net/wan/mtu; [ $m = 1500 ] || { ethtool -K wan lro on && ip link set dev wan "
                   "mtu 1500; }"}));
  EXPECT_EQ(commands("smaller-client-mtu", "client"),
            Lines{"read m < /sys/class/net/lan/mtu; [ $m = 1400 ] || { ip link set dev lan mtu 1400; }"});
  EXPECT_EQ(commands("smaller-client-mtu", "server"), Lines{});
  EXPECT_EQ(
      commands("larger-upstream-mtu", "router").at(1),
      "read m < /sys/class/net/wan/mtu; [ $m = 9000 ] || { ethtool -K wan lro on && ip link set dev wan mtu 9000; }");
}

TEST(MakePlan, NoMtuIsSwitchedWhereNoneVaries) {
  const RunPlan plan = plan_of(shipped_scenario("demo"));
  for (const CasePlan& one : plan.labs[0].cases)
    for (const LegPlan& leg : one.legs)
      for (const auto& apply : steps_of<step::ApplySettings>(leg.steps))
        for (const step::NodeSettings& node : apply.nodes)
          for (const std::string& command : node.commands)
            EXPECT_EQ(command.find("mtu "), std::string::npos) << command;
}

// What a leg runs in a node before its transfer.
std::string commands_in(const RunPlan& plan, const char* id, const char* node_name) {
  std::string text;
  for (const auto& apply : steps_of<step::ApplySettings>(leg_of(plan, id).steps))
    for (const step::NodeSettings& node : apply.nodes)
      if (node.node == node_name)
        for (const std::string& command : node.commands) text += command + "\n";
  return text;
}

TEST(MakePlan, TheSenderIsToldWhetherToSetDf) {
  const RunPlan plan = plan_of_axes({{"download.df", {"true", "false"}}});
  for (const auto& [id, told] : {std::pair("download.df=true", "echo 0 > /proc/sys/net/ipv4/ip_no_pmtu_disc"),
                                 std::pair("download.df=false", "echo 1 > /proc/sys/net/ipv4/ip_no_pmtu_disc")})
    EXPECT_NE(commands_in(plan, id, "server").find(told), std::string::npos) << id;
}

TEST(MakePlan, ASysctlIsSetInItsCaseAndPutBackInTheOthers) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.named_cases = {{"eight", {{"router.sysctl.net.core.gro_normal_batch", "8"}}, std::nullopt},
                          {"plain", {}, std::nullopt}};
  const RunPlan plan = plan_of(scenario);
  ASSERT_EQ(plan.labs.size(), 1U);
  const GuestFile file = {"sysctl net.core.gro_normal_batch", "/proc/sys/net/core/gro_normal_batch"};
  const auto values = [&](const char* id, LegRole role) {
    const auto settings = steps_of<step::ApplySettings>(leg_of(plan, id, role).steps);
    for (const step::NodeSettings& node : settings.at(0).nodes)
      if (node.node == "router") return node.values;
    return std::vector<step::SetValue>();
  };
  for (const LegRole role : {LegRole::control, LegRole::measured}) {
    EXPECT_EQ(values("eight", role), (std::vector<step::SetValue>{{file, "8"}}));
    EXPECT_EQ(values("plain", role), (std::vector<step::SetValue>{{file, std::nullopt}}));
    EXPECT_EQ(leg_of(plan, "eight", role).intent.values, (std::vector<WantedValue>{{"router", file, "8"}}));
    EXPECT_TRUE(leg_of(plan, "plain", role).intent.values.empty());
  }
  const auto told = [&](const char* id) { return describe(leg_of(plan, id).steps.at(0)); };
  EXPECT_NE(told("eight").find("router: sysctl net.core.gro_normal_batch = 8"), std::string::npos) << told("eight");
  EXPECT_NE(told("plain").find("router: sysctl net.core.gro_normal_batch (as it was before it was set)"),
            std::string::npos);
}

// A listening socket keeps what held when it was made.
TEST(MakePlan, TheSourceIsStartedAgainWhereACaseOfTheLabGoesWithoutDf) {
  const RunPlan varied = plan_of_axes({{"download.df", {"true", "false"}}});
  const RunPlan without = plan_of_axes({{"download.df", {"false"}}});
  const RunPlan with = plan_of_axes({{"download.df", {"true"}}});
  const auto told = [](const RunPlan& plan, const char* id) { return commands_in(plan, id, "server"); };
  const std::string again = restart_source_command();
  for (const std::string& one : {told(varied, "download.df=false"), told(without, "download.df=false")}) {
    EXPECT_NE(one.find("[ $d = 1 ] || { echo 1 >"), std::string::npos) << one;
    EXPECT_NE(one.find(again), std::string::npos) << one;
  }
  EXPECT_NE(told(varied, "download.df=true").find("[ $d = 0 ] || { echo 0 >"), std::string::npos);
  EXPECT_NE(told(varied, "download.df=true").find(again), std::string::npos);
  EXPECT_EQ(told(with, "download.df=true").find(again), std::string::npos);
  for (const std::string& command : source_commands({}, true))
    if (command.find("iperf3") == 0) {
      EXPECT_NE(again.find(command.substr(0, command.find(" --logfile"))), std::string::npos) << command;
    }
}

TEST(MakePlan, ManyStreamsShareTheMemoryOfTheEnds) {
  const RunPlan plan = plan_of_axes({{"download.streams", {"1", "100"}}});
  for (const char* end : {"client", "server"}) {
    const std::string one = commands_in(plan, "download.streams=1", end);
    EXPECT_NE(one.find("echo 4096 131072 6291456 > /proc/sys/net/ipv4/tcp_rmem"), std::string::npos) << one;
    EXPECT_NE(one.find("echo 4096 16384 4194304 > /proc/sys/net/ipv4/tcp_wmem"), std::string::npos) << one;
    const std::string hundred = commands_in(plan, "download.streams=100", end);  // 192 MiB / 32 / 100
    EXPECT_NE(hundred.find("echo 4096 62914 62914 > /proc/sys/net/ipv4/tcp_rmem"), std::string::npos) << hundred;
    EXPECT_NE(hundred.find("echo 4096 16384 62914 > /proc/sys/net/ipv4/tcp_wmem"), std::string::npos) << hundred;
  }
  EXPECT_EQ(commands_in(plan, "download.streams=100", "router").find("tcp_rmem"), std::string::npos);
}

// So that `setup` has the last word.
TEST(MakePlan, WindowsAreSetOnceWhereTheStreamsDoNotVary) {
  Scenario scenario = shipped_scenario("many-clients");
  scenario.named_cases.pop_back();  // it has fewer streams
  const RunPlan plan = plan_of(scenario);
  std::string configured;
  for (const auto& configure : steps_of<step::RunCommands>(plan.labs[0].configuration))
    if (configure.node == "server")
      for (const std::string& command : configure.commands) configured += command + "\n";
  EXPECT_NE(configured.find("echo 4096 62914 62914 > /proc/sys/net/ipv4/tcp_rmem"), std::string::npos) << configured;
  EXPECT_EQ(commands_in(plan, "fixed", "server").find("tcp_rmem"), std::string::npos);
}

TEST(MakePlan, ABridgeCarriesTheLargestMtuOfAnyCaseAndNeverLessThanAFrame) {
  const auto bridges = plan_of(shipped_scenario("vmxnet3-router")).labs[0].bridges;
  ASSERT_EQ(bridges.size(), 2U);
  EXPECT_EQ(bridges[0].name, "wan");
  EXPECT_EQ(bridges[0].mtu, Mtu{9000});
  EXPECT_EQ(bridges[1].mtu, Mtu{1500});
  EXPECT_EQ(plan_of_axes({{"lan.mtu", {"1300"}}}).labs[0].bridges[1].mtu, Mtu{1500});
}

TEST(MakePlan, KeepsTheScenariosWordsAndTheQuestion) {
  const Scenario scenario = shipped_scenario("demo");
  const RunPlan plan = make_plan(scenario, expand_matrix(scenario, {}).cases, Question::as_expected);
  EXPECT_EQ(plan.name, "demo");
  EXPECT_EQ(plan.summary, scenario.summary);
  EXPECT_EQ(plan.question, Question::as_expected);
  EXPECT_EQ(plan.measure, scenario.measure);
  EXPECT_EQ(plan.labs[0].cases[0].expect, FaultClass::lro_orphan_storm);
  EXPECT_DOUBLE_EQ(usual_traffic_seconds(plan.labs[0].cases[0]), 2 * (0.5 + 2.5));
}

TEST(MakePlan, NoCasesNeedNoLab) {
  EXPECT_TRUE(make_plan(shipped_scenario("demo"), {}, Question::healthy).labs.empty());
}

TEST(MakePlan, ABackgroundRunsBeforeTheCaptureBeginsUntilTheCountersAreRead) {
  const RunPlan plan = plan_of(shipped_scenario("many-clients"));
  for (const LegRole role : {LegRole::control, LegRole::measured}) {
    const LegPlan& leg = leg_of(plan, "starved-by-another", role);
    const Lines lines = outline(leg.steps);
    const auto place = [&](const std::string& begin) {
      const auto found =
          std::find_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.rfind(begin, 0) == 0; });
      EXPECT_NE(found, lines.end()) << begin;
      return found - lines.begin();
    };
    EXPECT_LT(place("server -> clients: load beside"), place("host: capture"));
    EXPECT_LT(place("host: end capture"), place("all: end the load"));
    EXPECT_LT(place("all: end the load"), place("host: put forced taps back"));
    if (role == LegRole::measured) {
      EXPECT_LT(place("all: end the load"), place("server -> clients: 1.00 MB"));
    }
    EXPECT_FALSE(leg.intent.early_stop) << "its errors and bytes are not the measured flow's";
    EXPECT_EQ(leg.intent.uplink_rate, BitRate{50e6});
  }
}

TEST(MakePlan, ABackgroundIsBoundedInRateTimeAndBytes) {
  const RunPlan plan = plan_of(shipped_scenario("many-clients"));
  const auto starts = steps_of<step::StartBackground>(leg_of(plan, "starved-by-another").steps);
  ASSERT_EQ(starts.size(), 1U);
  EXPECT_EQ(
      starts[0].send,
      "offlab-background send --interface wan --address 198.18.2.254 --port 5203 --streams 100 --seconds 67 --bytes "
      "837500000 --object 20000 --every 4000 --rate 100000000 --segments 5");
  EXPECT_EQ(
      starts[0].receive,
      "offlab-background receive --address 198.18.2.254 --port 5203 --streams 100 --seconds 67 --bytes 837500000");
}

step::StartBackground start_beside(const Background& background, bool sender_connects = false,
                                   const std::optional<Endpoint>& connect = {}) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  Flow& one = scenario.topology.flows.front();
  one.background = background;
  one.sender_connects = sender_connects;
  one.connect = connect;
  const RunPlan plan = plan_of(scenario);
  return steps_of<step::StartBackground>(plan.labs.at(0).cases.at(0).legs.at(0).steps).at(0);
}

TEST(MakePlan, UdpBesideTheFlowIsPulledByWhoeverConnects) {
  const step::StartBackground load = start_beside({.sender = BackgroundSender::udp, .rate = {20e6}});
  EXPECT_EQ(load.sender, "server");
  EXPECT_EQ(load.send, "iperf3 --server --one-off --port 5203 --interval 2 --json");
  EXPECT_EQ(load.receive,
            "iperf3 --client 198.18.2.2 --port 5203 --udp --length 1200 --reverse --connect-timeout 5000 --parallel 1 "
            "--bitrate "
            "20000000 --time 63 --interval 2 --json");
  EXPECT_FALSE(load.sender_connects);
  EXPECT_EQ(load.port, 5203);
}

TEST(MakePlan, TcpInTheOtherDirectionIsPushedByWhoeverConnects) {
  const step::StartBackground load =
      start_beside({.sender = BackgroundSender::tcp, .streams = 4, .rate = {20e6}, .opposite = true});
  EXPECT_EQ(load.sender, "client");
  EXPECT_EQ(load.receiver, "server");
  EXPECT_TRUE(load.sender_connects);
  EXPECT_EQ(load.send,
            "iperf3 --client 198.18.2.2 --port 5203 --set-mss 1160 --connect-timeout 5000 --parallel 4 --bitrate "
            "5000000 --time 63 "
            "--interval 2 --json");
  EXPECT_EQ(load.receive, "iperf3 --server --one-off --port 5203 --interval 2 --json");
}

TEST(MakePlan, ABackgroundBehindAPortForwardHasTheNextPortButOne) {
  const step::StartBackground load =
      start_beside({.sender = BackgroundSender::tcp}, true, parse_endpoint("198.18.1.1:8080"));
  EXPECT_EQ(load.port, 8082);
  EXPECT_EQ(load.listening_port, 5203);
  EXPECT_EQ(load.send.substr(0, 43), "iperf3 --client 198.18.1.1 --port 8082 --se");
}

TEST(MakePlan, WithoutABackgroundNothingRunsBesideTheTransfer) {
  const RunPlan plan = plan_of(shipped_scenario("many-clients"));
  const LegPlan& leg = leg_of(plan, "starved");
  EXPECT_TRUE(steps_of<step::StartBackground>(leg.steps).empty());
  EXPECT_TRUE(steps_of<step::StopBackground>(leg.steps).empty());
  EXPECT_TRUE(leg.intent.early_stop);
}

TEST(MakePlan, BootCommandsComeBeforeTheNetworkAndSetupAfterIt) {
  Scenario scenario = shipped_scenario("demo");
  Node& router = *find_node(scenario.topology, "router");
  router.boot = {"sysctl -w net.core.default_qdisc=fq"};
  router.setup = {"true"};
  const RunPlan plan = plan_of(scenario);
  std::vector<std::string> purposes;
  for (const step::RunCommands& run : steps_of<step::RunCommands>(plan.labs.at(0).configuration))
    if (run.node == "router") purposes.push_back(run.purpose);
  EXPECT_EQ(purposes, (std::vector<std::string>{"boot commands of the file", "interfaces, addresses, routes",
                                                "setup of the file"}));
}

// Jumbo frames that the host's bridge does not carry.
TEST(MakePlan, AHostMtuIsThatOfTheBridgeWhateverTheGuestsHave) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  find_network(scenario.topology, "wan")->mtu = Mtu{9000};
  const auto wan_bridge = [](const RunPlan& plan) {
    const auto& bridges = plan.labs.at(0).bridges;
    return std::find_if(bridges.begin(), bridges.end(), [](const BridgePlan& one) { return one.name == "wan"; })->mtu;
  };
  EXPECT_EQ(wan_bridge(plan_of(scenario)), Mtu{9000});
  find_network(scenario.topology, "wan")->host_mtu = Mtu{1500};
  EXPECT_EQ(wan_bridge(plan_of(scenario)), Mtu{1500});
}

Scenario demo_with_reference() {
  Scenario scenario = shipped_scenario("demo");
  scenario.measure.reference = true;
  return scenario;
}

TEST(Reference, IsOneLegBeforeTheRounds) {
  const RunPlan plan = plan_of(demo_with_reference());
  for (const CasePlan& one : plan.labs.at(0).cases) {
    EXPECT_EQ(one.legs.at(0).role, LegRole::reference);
    EXPECT_EQ(one.legs.at(0).round, 1U);
    EXPECT_EQ(std::count_if(one.legs.begin(), one.legs.end(),
                            [](const LegPlan& leg) { return leg.role == LegRole::reference; }),
              1);
    EXPECT_EQ(one.legs.at(1).role, LegRole::control);
  }
}

TEST(Reference, JoinsTheEndsAndLooksAtNoRouter) {
  const RunPlan plan = plan_of(demo_with_reference());
  const LegPlan& leg = plan.labs.at(0).cases.at(0).legs.at(0);
  const auto joins = steps_of<step::JoinEnds>(leg.steps);
  ASSERT_EQ(joins.size(), 1U);
  EXPECT_EQ(joins[0].tap, "server-wan");
  EXPECT_EQ(joins[0].bridge, "lan");
  EXPECT_EQ(joins[0].home, "wan");
  ASSERT_EQ(joins[0].join.size(), 2U);
  EXPECT_EQ(joins[0].join[0].node, "server");
  EXPECT_EQ(joins[0].join[1].node, "client");
  EXPECT_EQ(joins[0].join[1].commands.at(1), "ip -4 route add 198.18.2.2/32 dev lan src 198.18.1.2 table 4711");
  EXPECT_EQ(steps_of<step::PartEnds>(leg.steps).size(), 1U);
  EXPECT_TRUE(steps_of<step::StartCapture>(leg.steps).empty());
  EXPECT_TRUE(steps_of<step::ForceTap>(leg.steps).empty());
  EXPECT_TRUE(steps_of<step::CheckStream>(leg.steps).empty());
  EXPECT_EQ(leg.intent.hops.at(0).ingress, std::nullopt);
}

// A receiver that stands for many answers from each of its addresses.
TEST(Reference, ReachesAPoolOfAddresses) {
  Scenario scenario = shipped_scenario("many-clients");
  scenario.measure.reference = true;
  const RunPlan plan = plan_of(scenario);
  const auto joins = steps_of<step::JoinEnds>(plan.labs.at(0).cases.at(0).legs.at(0).steps);
  EXPECT_NE(joins.at(0).join.at(0).commands.at(3).find(" via "), std::string::npos);
  EXPECT_NE(joins.at(0).join.at(0).commands.at(3).find(" onlink "), std::string::npos);
}

TEST(Reference, IsNotThereUnlessItIsAskedFor) {
  const RunPlan plan = plan_of_shipped("demo");
  for (const CasePlan& one : plan.labs.at(0).cases)
    for (const LegPlan& leg : one.legs) EXPECT_NE(leg.role, LegRole::reference);
}

}  // namespace
}  // namespace offlab
