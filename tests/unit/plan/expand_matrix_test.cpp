// Axes, named cases and the selection of a command line become a list of cases.
#include "plan/expand_matrix.h"

#include <gtest/gtest.h>

#include "shipped_scenarios.h"

namespace offlab {
namespace {

using Ids = std::vector<std::string>;

Ids ids_of(const Expanded& expanded) {
  Ids ids;
  for (const Case& one : expanded.cases) ids.push_back(one.id);
  return ids;
}

Ids expand(const Scenario& scenario, const Selection& selection = {}) {
  const Expanded expanded = expand_matrix(scenario, selection);
  EXPECT_EQ(expanded.mistakes, Ids{});
  return ids_of(expanded);
}

Scenario with_axes(std::vector<Axis> axes) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.axes = std::move(axes);
  return scenario;
}

const Axis lro = {"router.lro", {"off", "on"}};
const Axis hypervisor = {"hypervisor.lro", {"off", "passthrough"}};

TEST(ExpandMatrix, TheFirstAxisVariesSlowest) {
  EXPECT_EQ(expand(with_axes({lro, hypervisor})),
            (Ids{"router.lro=off,hypervisor.lro=off", "router.lro=off,hypervisor.lro=passthrough",
                 "router.lro=on,hypervisor.lro=off", "router.lro=on,hypervisor.lro=passthrough"}));
}

TEST(ExpandMatrix, ACaseHasItsSettingsApplied) {
  const auto cases = expand_matrix(with_axes({lro, hypervisor}), {}).cases;
  ASSERT_EQ(cases.size(), 4U);
  const Case& last = cases.back();
  EXPECT_EQ(last.axes, (std::vector<SettingText>{{"router.lro", "on"}, {"hypervisor.lro", "passthrough"}}));
  EXPECT_EQ(last.expect, FaultClass::healthy);
  EXPECT_EQ(find_network(last.topology, "wan")->hypervisor_lro, HypervisorLro::passthrough);
  EXPECT_TRUE(find_interface(*find_node(last.topology, "router"), "wan")->features.at("large-receive-offload"));
  EXPECT_FALSE(find_interface(*find_node(cases[0].topology, "router"), "wan")->features.at("large-receive-offload"));
}

TEST(ExpandMatrix, NamedCasesComeInFileOrderWithWhatTheyExpect) {
  const Expanded expanded = expand_matrix(shipped_scenario("vmxnet3-router"), {});
  EXPECT_EQ(expanded.mistakes, Ids{});
  EXPECT_EQ(ids_of(expanded),
            (Ids{"control-lro-off", "control-lro-on", "hypervisor-lro", "smaller-client-mtu", "larger-upstream-mtu"}));
  EXPECT_EQ(expanded.cases[0].expect, FaultClass::healthy);
  EXPECT_EQ(expanded.cases[2].expect, FaultClass::lro_orphan_storm);
  EXPECT_EQ(expanded.cases[3].expect, FaultClass::wrong_gso_size);
  EXPECT_EQ(find_network(expanded.cases[3].topology, "lan")->mtu, Mtu{1400});
  EXPECT_EQ(find_network(expanded.cases[4].topology, "lan")->mtu, Mtu{1500});  // a case does not change the next one
}

TEST(ExpandMatrix, NamedCasesFollowTheMatrix) {
  Scenario scenario = with_axes({lro});
  scenario.named_cases = {{"odd", {{"lan.mtu", "1400"}}, FaultClass::wrong_gso_size}};
  EXPECT_EQ(expand(scenario), (Ids{"router.lro=off", "router.lro=on", "odd"}));
}

TEST(ExpandMatrix, AFileWithNeitherHasOneCase) {
  const Expanded expanded = expand_matrix(bare_scenario("vmxnet3-router"), {});
  EXPECT_EQ(ids_of(expanded), Ids{"default"});
  EXPECT_EQ(expanded.cases[0].axes, std::vector<SettingText>{});
  EXPECT_EQ(expanded.cases[0].topology, bare_scenario("vmxnet3-router").topology);
}

TEST(ExpandMatrix, AnOverrideReplacesTheValuesOfAnAxisInItsPlace) {
  Selection selection;
  selection.axes = {{"router.lro", {"on"}}};
  EXPECT_EQ(expand(with_axes({lro, hypervisor}), selection),
            (Ids{"router.lro=on,hypervisor.lro=off", "router.lro=on,hypervisor.lro=passthrough"}));
}

TEST(ExpandMatrix, AnOverrideOfAnotherKeyAddsAnAxisAtTheEnd) {
  Selection selection;
  selection.axes = {{"lan.mtu", {"1500", "1400"}}};
  EXPECT_EQ(expand(with_axes({lro}), selection), (Ids{"router.lro=off,lan.mtu=1500", "router.lro=off,lan.mtu=1400",
                                                      "router.lro=on,lan.mtu=1500", "router.lro=on,lan.mtu=1400"}));
  EXPECT_EQ(expand(bare_scenario("vmxnet3-router"), selection), (Ids{"lan.mtu=1500", "lan.mtu=1400"}));
}

TEST(ExpandMatrix, AnAddedAxisMultipliesNamedCasesAndKeepsWhatTheyExpect) {
  Selection selection;
  selection.axes = {{"download.df", {"true", "false"}}};
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.named_cases = {{"storm", {{"hypervisor.lro", "passthrough"}}, FaultClass::lro_orphan_storm}};
  const Expanded expanded = expand_matrix(scenario, selection);
  EXPECT_EQ(ids_of(expanded), (Ids{"storm,download.df=true", "storm,download.df=false"}));
  EXPECT_EQ(expanded.cases[1].expect, FaultClass::lro_orphan_storm);
  EXPECT_FALSE(expanded.cases[1].topology.flows[0].df);
  EXPECT_EQ(find_network(expanded.cases[1].topology, "wan")->hypervisor_lro, HypervisorLro::passthrough);
}

TEST(ExpandMatrix, AnAddedAxisThatACaseSetsItselfIsAMistake) {
  Selection selection;
  selection.axes = {{"lan.mtu", {"1300", "1200"}}};
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.named_cases = {{"small", {{"lan.mtu", "1400"}}, std::nullopt}, {"other", {}, std::nullopt}};
  const Expanded expanded = expand_matrix(scenario, selection);
  EXPECT_EQ(expanded.mistakes, Ids{"--axis lan.mtu: case 'small' sets it itself; leave that case out with --case"});
  EXPECT_EQ(ids_of(expanded), (Ids{"other,lan.mtu=1300", "other,lan.mtu=1200"}));
  selection.globs = {"other*"};
  EXPECT_EQ(expand(scenario, selection), (Ids{"other,lan.mtu=1300", "other,lan.mtu=1200"}));
}

TEST(ExpandMatrix, GlobsPickCasesInTheFilesOrder) {
  Selection selection;
  selection.globs = {"larger-*", "control-?ro-o*"};
  EXPECT_EQ(expand(shipped_scenario("vmxnet3-router"), selection),
            (Ids{"control-lro-off", "control-lro-on", "larger-upstream-mtu"}));
  selection.globs = {"*"};
  EXPECT_EQ(expand(shipped_scenario("vmxnet3-router"), selection).size(), 5U);
}

TEST(ExpandMatrix, AGlobThatMatchesNothingIsAMistake) {
  Selection selection;
  selection.globs = {"control-*", "hypervisor-lor"};
  const Expanded expanded = expand_matrix(shipped_scenario("vmxnet3-router"), selection);
  EXPECT_EQ(expanded.mistakes, Ids{"no case matches 'hypervisor-lor' (the ids are shown by 'offlab plan FILE')"});
  EXPECT_EQ(ids_of(expanded), (Ids{"control-lro-off", "control-lro-on"}));
}

TEST(ExpandMatrix, AMistakeInASettingIsToldOnce) {
  Selection selection;
  selection.axes = {{"router.lor", {"on", "off"}}};
  const Expanded expanded = expand_matrix(shipped_scenario("vmxnet3-router"), selection);
  EXPECT_EQ(expanded.mistakes, Ids{"unknown setting 'router.lor' (did you mean 'router.lro'?)"});
  EXPECT_TRUE(expanded.cases.empty());
}

TEST(ExpandMatrix, EveryWrongValueIsTold) {
  Selection selection;
  selection.axes = {{"lan.mtu", {"1", "1400", "2"}}};
  const Expanded expanded = expand_matrix(bare_scenario("vmxnet3-router"), selection);
  EXPECT_EQ(expanded.mistakes, (Ids{"'1' is not a value of 'lan.mtu' (a number from 68 to 65535)",
                                    "'2' is not a value of 'lan.mtu' (a number from 68 to 65535)"}));
  EXPECT_EQ(ids_of(expanded), Ids{"lan.mtu=1400"});
}

TEST(ExpandMatrix, SeveralFlowsGiveACaseEach) {
  Scenario scenario = with_axes({lro});
  scenario.topology.flows.push_back({"upload", "client", "server", Family::ipv4, true});
  const Expanded expanded = expand_matrix(scenario, {});
  EXPECT_EQ(ids_of(expanded), (Ids{"router.lro=off,flow=download", "router.lro=off,flow=upload",
                                   "router.lro=on,flow=download", "router.lro=on,flow=upload"}));
  EXPECT_EQ(expanded.cases[1].topology.flows, std::vector<Flow>{scenario.topology.flows[1]});
  EXPECT_EQ(expanded.cases[1].axes, (std::vector<SettingText>{{"router.lro", "off"}, {"flow", "upload"}}));
}

// The flow is chosen as the values of the axes are.
TEST(ExpandMatrix, ACoveringHasEveryPairWithTheFlowsToo) {
  Scenario scenario = with_axes({lro, hypervisor});
  scenario.topology.flows.push_back({"upload", "client", "server", Family::ipv4, true});
  Selection selection;
  selection.covering = Covering();
  EXPECT_EQ(
      expand(scenario, selection),
      (Ids{"router.lro=off,hypervisor.lro=off,flow=upload", "router.lro=off,hypervisor.lro=passthrough,flow=download",
           "router.lro=on,hypervisor.lro=off,flow=download", "router.lro=on,hypervisor.lro=passthrough,flow=upload"}));
}

TEST(ExpandMatrix, WhatFileOrOptionsExcludeIsNoCase) {
  Scenario scenario = with_axes({lro, hypervisor});
  scenario.topology.flows.push_back({"upload", "client", "server", Family::ipv4, true});
  scenario.named_cases = {{"odd", {{"router.lro", "on"}}, std::nullopt}};
  scenario.excluded = {{{"router.lro", "on"}, {"hypervisor.lro", "passthrough"}}};
  Selection selection;
  selection.excluded = {{{"hypervisor.lro", "off"}, {"flow", "upload"}}};
  EXPECT_EQ(
      expand(scenario, selection),
      (Ids{"router.lro=off,hypervisor.lro=off,flow=download", "router.lro=off,hypervisor.lro=passthrough,flow=download",
           "router.lro=off,hypervisor.lro=passthrough,flow=upload", "router.lro=on,hypervisor.lro=off,flow=download",
           "odd,flow=download", "odd,flow=upload"}));
}

TEST(ExpandMatrix, AnExclusionOfTheOptionsThatFitsNoAxisIsAMistake) {
  Selection selection;
  selection.excluded = {{{"router.lor", "on"}, {"hypervisor.lro", "of"}}};
  EXPECT_EQ(
      expand_matrix(with_axes({lro, hypervisor}), selection).mistakes,
      (Ids{"--exclude: no axis is called 'router.lor'", "--exclude: the axis 'hypervisor.lro' has no value 'of'"}));
  EXPECT_EQ(expand_matrix(shipped_scenario("vmxnet3-router"), selection).mistakes.size(), 2U);
}

TEST(ExpandMatrix, AnAddedAxisAndNamedCasesAreCoveredTogether) {
  Selection selection;
  selection.axes = {{"download.df", {"true", "false"}}, {"lan.mtu", {"1500", "1400"}}};
  selection.excluded = {{{"case", "storm"}, {"lan.mtu", "1400"}}};
  selection.covering = Covering();
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.named_cases = {{"storm", {{"hypervisor.lro", "passthrough"}}, FaultClass::lro_orphan_storm},
                          {"plain", {}, std::nullopt}};
  const Ids ids = expand(scenario, selection);
  EXPECT_EQ(ids, (Ids{"storm,download.df=true,lan.mtu=1500", "storm,download.df=false,lan.mtu=1500",
                      "plain,download.df=true,lan.mtu=1500", "plain,download.df=true,lan.mtu=1400",
                      "plain,download.df=false,lan.mtu=1400"}));
}

TEST(ExpandMatrix, AFlowWithoutAddressesOfItsFamilyIsAMistake) {
  const Expanded expanded = expand_matrix(with_axes({{"download.family", {"ipv4", "ipv6"}}}), {});
  EXPECT_EQ(ids_of(expanded), Ids{"download.family=ipv4"});
  EXPECT_EQ(expanded.mistakes, Ids{"case 'download.family=ipv6': flow 'download' has no ipv6 path"});
}

TEST(ExpandMatrix, AFlowThatPassesNoRouterIsAMistake) {
  Scenario scenario = bare_scenario("vmxnet3-router");
  scenario.topology.flows[0].from = "client";
  EXPECT_EQ(expand_matrix(scenario, {}).mistakes, Ids{"case 'default': flow 'download' has no ipv4 path"});
}

}  // namespace
}  // namespace offlab
