// IPv4 against IPv6, and one way against the other.
#include "verdict/family_symmetry.h"

#include <gtest/gtest.h>

namespace offlab {
namespace {

CaseSettings download(Family family = Family::ipv4) {
  CaseSettings settings;
  LegIntent& intent = settings.intent;
  intent.flow = {"download", "server", "client", family, true, 1};
  HopIntent hop;
  hop.hop = {"router", "wan", "lan"};
  hop.ingress_tap = "router-wan";
  hop.egress_tap = "router-lan";
  intent.hops = {hop};
  for (const char* node : {"router", "server"}) intent.nics.push_back({{node, "wan"}, "wan", Mtu{1500}});
  for (const char* node : {"router", "client"}) intent.nics.push_back({{node, "lan"}, "lan", Mtu{1500}});
  intent.taps = {{"router-wan", HypervisorLro::passthrough}, {"router-lan", HypervisorLro::passthrough}};
  settings.nics = {{{"router", "wan"}, "vmxnet3"},
                   {{"router", "lan"}, "vmxnet3"},
                   {{"server", "wan"}, "virtio"},
                   {{"client", "lan"}, "virtio"}};
  return settings;
}

CaseSettings upload() {
  CaseSettings settings = download();
  settings.intent.flow = {"upload", "client", "server", Family::ipv4, true, 1};
  HopIntent& hop = settings.intent.hops.front();
  hop.hop = {"router", "lan", "wan"};
  std::swap(hop.ingress_tap, hop.egress_tap);
  return settings;
}

CaseResult judged(const std::string& id, FaultClass found) {
  CaseResult result{id, {}, Outcome::pass, Outcome::pass, found, FaultClass::healthy, "", {}, {}, {}, {}, ""};
  return result;
}

TEST(FamilySymmetry, PairsTheSameSettingsOverBothFamilies) {
  EXPECT_TRUE(differ_in_family_only(download(), download(Family::ipv6)));
  EXPECT_FALSE(differ_in_family_only(download(), download()));
  EXPECT_FALSE(differ_in_family_only(download(), upload()));
}

TEST(FamilySymmetry, DoesNotPairDifferentSettings) {
  CaseSettings other = download(Family::ipv6);
  other.intent.taps["router-wan"] = HypervisorLro::off;
  EXPECT_FALSE(differ_in_family_only(download(), other));
  other = download(Family::ipv6);
  other.nics[{"router", "wan"}] = "virtio";
  EXPECT_FALSE(differ_in_family_only(download(), other));
}

TEST(FamilySymmetry, DoesNotPairWhenMergingIsInjectedForOneFamily) {
  CaseSettings one = download();
  CaseSettings other = download(Family::ipv6);
  one.intent.lro_families = other.intent.lro_families = LroFamilies::ipv4;
  EXPECT_FALSE(differ_in_family_only(one, other));
}

TEST(FamilySymmetry, DoesNotPairCasesThatPassNothing) {
  EXPECT_FALSE(differ_in_direction_only({}, {}));
  CaseSettings six;
  six.intent.flow.family = Family::ipv6;
  EXPECT_FALSE(differ_in_family_only({}, six));
}

TEST(FamilySymmetry, PairsBothDirectionsOfASymmetricSetup) {
  EXPECT_TRUE(differ_in_direction_only(download(), upload()));
  EXPECT_FALSE(differ_in_direction_only(download(), download(Family::ipv6)));
}

TEST(FamilySymmetry, DoesNotPairDirectionsWhenTheSidesAreNotAlike) {
  CaseSettings there = download();
  CaseSettings back = upload();
  for (CaseSettings* one : {&there, &back}) one->nics[{"router", "lan"}] = "virtio";
  EXPECT_FALSE(differ_in_direction_only(there, back)) << "another NIC model";
  there = download();
  back = upload();
  for (CaseSettings* one : {&there, &back}) one->intent.nics.back().mtu = Mtu{1400};
  EXPECT_FALSE(differ_in_direction_only(there, back)) << "another MTU at the client";
  there = download();
  back = upload();
  for (CaseSettings* one : {&there, &back})
    one->intent.features.push_back({{"router", "wan"}, "large-receive-offload", true});
  EXPECT_FALSE(differ_in_direction_only(there, back)) << "LRO on one side";
  there = download();
  back = upload();
  for (CaseSettings* one : {&there, &back}) one->nics.erase({"client", "lan"});
  EXPECT_FALSE(differ_in_direction_only(there, back)) << "a NIC that is not known";
}

TEST(FamilySymmetry, WarnsInBothCasesWhenClassesDiffer) {
  std::vector<CaseResult> cases = {judged("four", FaultClass::healthy), judged("six", FaultClass::lro_orphan_storm)};
  add_family_symmetry({download(), download(Family::ipv6)}, cases);
  ASSERT_EQ(cases[0].findings.size(), 1U);
  ASSERT_EQ(cases[1].findings.size(), 1U);
  EXPECT_TRUE(cases[0].findings[0].warning);
  EXPECT_EQ(cases[0].findings[0].outcome, Outcome::pass);
  EXPECT_EQ(cases[0].findings[0].text, "healthy here, lro-orphan-storm over IPv6 ('six'), with the same settings");
  EXPECT_EQ(cases[1].findings[0].text, "lro-orphan-storm here, healthy over IPv4 ('four'), with the same settings");
}

TEST(FamilySymmetry, SaysSoWhenClassesAgree) {
  std::vector<CaseResult> cases = {judged("down", FaultClass::healthy), judged("up", FaultClass::healthy)};
  add_family_symmetry({download(), upload()}, cases);
  ASSERT_EQ(cases[0].findings.size(), 1U);
  EXPECT_FALSE(cases[0].findings[0].warning);
  EXPECT_EQ(cases[0].findings[0].text, "healthy the other way as well ('up')");
}

TEST(FamilySymmetry, SaysNothingAboutCasesThatWereNotJudged) {
  std::vector<CaseResult> cases = {judged("four", FaultClass::healthy), judged("six", FaultClass::healthy)};
  cases[1].fault_class.reset();
  add_family_symmetry({download(), download(Family::ipv6)}, cases);
  EXPECT_TRUE(cases[0].findings.empty());
  EXPECT_TRUE(cases[1].findings.empty());
}

}  // namespace
}  // namespace offlab
