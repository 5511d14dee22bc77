#include "survey/risks.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/offload.h"
#include "survey/forwarding_paths.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SurveyedLink nic(const std::string& name, const std::string& driver, bool lro, unsigned mtu = 1500) {
  SurveyedLink made{.name = name, .driver = driver, .mtu = mtu, .up = true};
  made.features[std::string(feature_lro)] = {.on = lro};
  if (driver == "virtio_net") made.virtio_features = std::string(64, '1');
  return made;
}

MachineSurvey router(const SurveyedLink& lan, const SurveyedLink& wan) {
  return {.forwards = true, .links = {lan, wan}};
}

MachineSurvey router(const std::string& driver, bool lro) {
  return router(nic("lan", driver, lro), nic("wan", driver, lro));
}

const RiskRow& row(const std::vector<RiskRow>& rows, const std::string& hazards) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const RiskRow& one) { return one.hazards == hazards; });
  if (found == rows.end()) throw std::runtime_error("no row " + hazards);
  return *found;
}

Risk risk_of(const MachineSurvey& survey, const std::string& hazards) {
  return row(risks_of(survey), hazards).risk;
}

TEST(Risks, VirtioIsSafe) {
  EXPECT_EQ(worst(risks_of(router("virtio_net", false))), Risk::safe);
}

TEST(Risks, Vmxnet3WithLroOffDependsOnTheHypervisor) {
  const MachineSurvey survey = router("vmxnet3", false);
  EXPECT_EQ(worst(risks_of(survey)), Risk::depends_on_hypervisor);
  EXPECT_EQ(risk_of(survey, "H01, H13, H14"), Risk::depends_on_hypervisor);
  EXPECT_EQ(risk_of(survey, "H02"), Risk::safe);
}

TEST(Risks, LroAndASmallerMtuOnTheWayOut) {
  const MachineSurvey survey = router(nic("lan", "vmxnet3", true, 1400), nic("wan", "vmxnet3", true));
  const auto rows = risks_of(survey);
  const RiskRow& guessed = row(rows, "H02");
  EXPECT_EQ(guessed.risk, Risk::at_risk);
  ASSERT_EQ(guessed.reasons.size(), 1U);
  EXPECT_THAT(guessed.reasons[0].nics, ElementsAre("wan"));
  EXPECT_THAT(guessed.reasons[0].text, HasSubstr("1400"));
  EXPECT_THAT(guessed.mend, ElementsAre("ethtool -K wan lro off"));
  EXPECT_EQ(exit_code(worst(rows)), 1);
}

TEST(Risks, ATunnelIsAWayOut) {
  MachineSurvey survey = router("vmxnet3", true);
  survey.links.push_back({.name = "wg0", .kind = "wireguard", .mtu = 1420, .up = true});
  EXPECT_EQ(risk_of(survey, "H02"), Risk::at_risk);
}

TEST(Risks, LroAndALargerMtuOnTheWayIn) {
  EXPECT_EQ(risk_of(router(nic("lan", "vmxnet3", true), nic("wan", "vmxnet3", true, 9000)), "H03"), Risk::at_risk);
  EXPECT_EQ(risk_of(router(nic("lan", "vmxnet3", false), nic("wan", "vmxnet3", false, 9000)), "H03"), Risk::safe);
}

TEST(Risks, LroWithEqualMtusIsNeverCalledSafe) {
  const MachineSurvey survey = router("vmxnet3", true);
  EXPECT_EQ(risk_of(survey, "H02"), Risk::cannot_tell);
  EXPECT_EQ(risk_of(survey, "H04"), Risk::cannot_tell);
}

TEST(Risks, LroThatIsAsleepComesBack) {
  MachineSurvey survey = router("vmxnet3", false);
  survey.links[1].features[std::string(feature_lro)].requested_on = true;
  const auto rows = risks_of(survey);
  EXPECT_EQ(row(rows, "H18").risk, Risk::at_risk);
  EXPECT_THAT(row(rows, "H18").reasons.at(0).nics, ElementsAre("wan"));
}

TEST(Risks, AnEmulatedNicDropsWhatIsTooLong) {
  EXPECT_EQ(risk_of(router("e1000e", false), "H05"), Risk::depends_on_hypervisor);
  EXPECT_EQ(risk_of(router("virtio_net", false), "H05"), Risk::safe);
}

TEST(Risks, VirtioBuffersHoldOneMtuWithoutMergingAndWithoutGuestTso) {
  MachineSurvey survey = router("virtio_net", false);
  survey.links[1].virtio_features[15] = '0';
  EXPECT_EQ(risk_of(survey, "H06"), Risk::safe);
  for (const std::size_t bit : {7U, 8U, 9U, 10U}) survey.links[1].virtio_features[bit] = '0';
  EXPECT_EQ(risk_of(survey, "H06"), Risk::depends_on_hypervisor);
  survey.links[1].virtio_features.clear();
  EXPECT_EQ(risk_of(survey, "H06"), Risk::cannot_tell);
}

TEST(Risks, LroOfAnyOtherDriverIsARiskWhereItForwards) {
  EXPECT_EQ(risk_of(router("ixgbe", true), "LRO"), Risk::at_risk);
  EXPECT_EQ(worst(risks_of(router("ixgbe", false))), Risk::safe);
}

TEST(Risks, ADriverThatWasNotTriedIsNotCalledSafe) {
  EXPECT_EQ(worst(risks_of(router("hv_netvsc", false))), Risk::depends_on_hypervisor);
}

TEST(Risks, WhatWasNotSeenIsNotCalledSafe) {
  MachineSurvey no_driver = router("vmxnet3", false);
  no_driver.links[0].driver.clear();
  EXPECT_EQ(risk_of(no_driver, "H02"), Risk::cannot_tell);
  MachineSurvey no_features = router("vmxnet3", false);
  no_features.links[0].features.clear();
  EXPECT_EQ(risk_of(no_features, "H02"), Risk::cannot_tell);
  MachineSurvey nobody_knows = router("virtio_net", false);
  nobody_knows.forwards.reset();
  EXPECT_EQ(worst(risks_of(nobody_knows)), Risk::cannot_tell);
}

TEST(Risks, EachNicHasItsOwnReason) {
  const auto rows = risks_of(router(nic("lan", "virtio_net", false), nic("wan", "e1000e", false)));
  const std::vector<RiskReason>& reasons = row(rows, "H06").reasons;
  ASSERT_EQ(reasons.size(), 2U);
  EXPECT_EQ(reasons[0], (RiskReason{{"lan"}, "it has mergeable buffers"}));
  EXPECT_EQ(reasons[1], (RiskReason{{"wan"}, "no virtio NIC"}));
}

TEST(Risks, WhatDoesNotForwardIsNotJudged) {
  MachineSurvey survey = router("vmxnet3", true);
  survey.forwards = false;
  const auto rows = risks_of(survey);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].risk, Risk::cannot_tell);
}

TEST(ForwardingPaths, ABridgeForwardsBetweenItsPorts) {
  MachineSurvey survey = router(nic("a", "vmxnet3", true, 9000), nic("b", "vmxnet3", true));
  survey.forwards = false;
  survey.links[0].master = survey.links[1].master = "br0";
  survey.links.push_back({.name = "br0", .kind = "bridge", .mtu = 1500, .up = true});
  EXPECT_EQ(forwarding_paths(survey).forwards, Forwards::yes);
  EXPECT_EQ(risk_of(survey, "H02"), Risk::at_risk);
}

TEST(ForwardingPaths, AVlanOnABondComesInByTheBondsNics) {
  MachineSurvey survey = {.forwards = true};
  survey.links = {nic("eth0", "ixgbe", true), nic("eth1", "ixgbe", false), nic("eth2", "ixgbe", false)};
  survey.links[0].master = survey.links[1].master = "bond0";
  survey.links.push_back({.name = "bond0", .kind = "bond", .mtu = 1500, .up = true, .lower = {"eth0", "eth1"}});
  survey.links.push_back({.name = "bond0.7", .kind = "vlan", .mtu = 1500, .up = true, .lower = {"bond0"}});
  std::vector<std::string> names;
  for (const ForwardingNic& one : forwarding_paths(survey).nics) names.push_back(one.nic->name);
  EXPECT_THAT(names, ElementsAre("eth0", "eth1", "eth2"));
}

TEST(ForwardingPaths, ACircleOfLinksEnds) {
  MachineSurvey survey = {.forwards = true};
  survey.links = {{.name = "a", .kind = "vlan", .lower = {"b"}}, {.name = "b", .kind = "vlan", .lower = {"a"}}};
  EXPECT_TRUE(forwarding_paths(survey).nics.empty());
}

}  // namespace
}  // namespace offlab
