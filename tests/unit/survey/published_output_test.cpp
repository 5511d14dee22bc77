// Machines of strangers, as public reports show them: tests/data/published/README.md has the sources.
#include <algorithm>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "folders.h"
#include "model/offload.h"
#include "survey/forwarding_paths.h"
#include "survey/risks.h"
#include "survey/survey_reader.h"

namespace offlab {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

SurveyText published(const std::string& name) {
  std::ifstream file(source_folder() + "/tests/data/published/" + name + ".txt");
  if (!file) throw std::runtime_error("there is no " + name);
  std::stringstream text;
  text << file.rdbuf();
  return {name, text.str()};
}

const SurveyedLink& link(const MachineSurvey& survey, const std::string& name) {
  const SurveyedLink* found = find_link(survey, name);
  if (found == nullptr) throw std::runtime_error("no link " + name);
  return *found;
}

bool has_lro(const SurveyedLink& one) {
  return one.features.at(std::string(feature_lro)).on;
}

const RiskRow& row(const std::vector<RiskRow>& rows, const std::string& hazards) {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const RiskRow& one) { return one.hazards == hazards; });
  if (found == rows.end()) throw std::runtime_error("no row " + hazards);
  return *found;
}

struct Published {
  const char* file;
  SystemKind kind;
  std::vector<std::string> nics;  // that forward, or may
  Risk risk;
  std::vector<std::string> rows = {};  // that have it, but for the one that asks whether it forwards
};

class PublishedOutput : public testing::TestWithParam<Published> {};

TEST_P(PublishedOutput, IsJudgedRightOrNotAtAll) {
  const MachineSurvey survey = read_survey({published(GetParam().file)});
  EXPECT_EQ(survey.kind, GetParam().kind);
  std::vector<std::string> nics;
  for (const ForwardingNic& one : forwarding_paths(survey).nics) nics.push_back(one.nic->name);
  EXPECT_THAT(nics, ElementsAreArray(GetParam().nics));
  const auto rows = risks_of(survey);
  EXPECT_EQ(worst(rows), GetParam().risk);
  std::vector<std::string> worst_rows;
  for (const RiskRow& one : rows)
    if (one.risk == GetParam().risk && one.hazards != "-") worst_rows.push_back(one.hazards);
  EXPECT_THAT(worst_rows, ElementsAreArray(GetParam().rows));
  if (survey.kind != SystemKind::freebsd) return;
  const auto is_of_linux =
      AnyOf(HasSubstr("ethtool"), HasSubstr("nstat -"), HasSubstr("/sys/"), HasSubstr("ip link"), HasSubstr("@NIC@"));
  for (const RiskRow& one : rows) {
    EXPECT_THAT(one.prove, Each(Not(is_of_linux)));
    EXPECT_THAT(one.mend, Each(Not(is_of_linux)));
  }
}

const std::string orphans = "H01, H13, H14";

INSTANTIATE_TEST_SUITE_P(
    Freebsd, PublishedOutput,
    testing::Values(
        Published{"freebsd-vtnet-lro", SystemKind::freebsd, {"vtnet0"}, Risk::at_risk, {"LRO"}},
        Published{"pfsense-vtnet-igb-lro", SystemKind::freebsd, {"vtnet0", "igb0"}, Risk::at_risk, {"LRO"}},
        Published{"opnsense-vmx-vlan", SystemKind::freebsd, {"vmx2"}, Risk::depends_on_hypervisor, {orphans}},
        Published{
            "opnsense-vtnet-bridge", SystemKind::freebsd, {"vtnet0", "vtnet1"}, Risk::depends_on_hypervisor, {orphans}},
        Published{"opnsense-lagg-ice", SystemKind::freebsd, {"ice0", "ice1"}, Risk::cannot_tell, {"H12", "H18", "LRO"}},
        Published{
            "bsdrp-lagg-em", SystemKind::freebsd, {"em0"}, Risk::cannot_tell, {orphans, "H05", "H12", "H18", "LRO"}},
        Published{"freenas-bridge-igb", SystemKind::freebsd, {"igb0"}, Risk::cannot_tell, {orphans, "H05"}},
        Published{"router-igb-lro", SystemKind::freebsd, {"igb0", "igb2"}, Risk::cannot_tell, {orphans, "H05", "LRO"}},
        Published{"freebsd-xn-lro", SystemKind::freebsd, {"xn0"}, Risk::at_risk, {"LRO"}},
        Published{"freebsd-hn-lro", SystemKind::freebsd, {"hn0"}, Risk::at_risk, {"LRO"}}),
    [](const auto& each) {
      std::string name = each.param.file;
      std::erase(name, '-');
      return name;
    });

INSTANTIATE_TEST_SUITE_P(
    Linux, PublishedOutput,
    testing::Values(Published{"linux-bond-vlans",
                              SystemKind::gnu_linux,
                              {"eth0", "eth1"},
                              Risk::cannot_tell,
                              {orphans, "H02", "H03", "H04", "H05", "H06", "H08", "H18", "LRO"}},
                    Published{"linux-lro-without-forwarding", SystemKind::gnu_linux, {}, Risk::cannot_tell},
                    Published{"linux-without-fixed",
                              SystemKind::gnu_linux,
                              {"eth1"},
                              Risk::cannot_tell,
                              {orphans, "H02", "H03", "H04", "H05", "H06", "H08", "H12", "H18", "LRO"}},
                    Published{"linux-bridge-features",
                              SystemKind::gnu_linux,
                              {"bridge0"},
                              Risk::cannot_tell,
                              {orphans, "H02", "H03", "H04", "H05", "H06", "H08", "H12"}}),
    [](const auto& each) {
      std::string name = each.param.file;
      std::erase(name, '-');
      return name;
    });

TEST(FreebsdReader, ReadsANicWithItsOffloads) {
  const MachineSurvey survey = read_survey({published("freebsd-vtnet-lro")});
  ASSERT_EQ(survey.links.size(), 1U);
  const SurveyedLink& nic = link(survey, "vtnet0");
  EXPECT_EQ(nic.driver, "vtnet");
  EXPECT_EQ(nic.mtu, 1500U);
  EXPECT_EQ(nic.up, true);
  EXPECT_EQ(nic.mac, "02:00:5e:00:01:01");
  EXPECT_THAT(nic.addresses, ElementsAre("192.0.2.72/23", "2001:db8:0:1::72/64"));
  EXPECT_TRUE(has_lro(nic));
  EXPECT_TRUE(nic.features.at("tcp-segmentation-offload").on);
  EXPECT_TRUE(nic.features.at("rx-checksumming").on);
  EXPECT_EQ(survey.forwards, std::nullopt);
}

TEST(FreebsdReader, WhatIsNotAmongTheOptionsIsOff) {
  const MachineSurvey survey = read_survey({published("pfsense-vtnet-igb-lro")});
  EXPECT_FALSE(link(survey, "igb0").features.at("tcp-segmentation-offload").on);
  EXPECT_TRUE(has_lro(link(survey, "igb0")));
  EXPECT_EQ(link(survey, "enc0").kind, "enc");
  EXPECT_EQ(link(survey, "enc0").up, false);
  EXPECT_TRUE(link(survey, "enc0").driver.empty());
}

TEST(FreebsdReader, AVlanIsOnItsParentAndHasNoDriver) {
  const MachineSurvey survey = read_survey({published("opnsense-vmx-vlan")});
  const SurveyedLink& vlan = link(survey, "vmx2_vlan234");
  EXPECT_EQ(vlan.kind, "vlan");
  EXPECT_EQ(vlan.vlan, 234U);
  EXPECT_THAT(vlan.lower, ElementsAre("vmx2"));
  EXPECT_TRUE(vlan.driver.empty());
  EXPECT_EQ(link(survey, "vmx2").driver, "vmx");
}

TEST(FreebsdReader, PortsOfALaggAndOfABridgeHaveAMaster) {
  const MachineSurvey lagg = read_survey({published("opnsense-lagg-ice")});
  EXPECT_EQ(link(lagg, "lagg0").kind, "lagg");
  EXPECT_FALSE(has_lro(link(lagg, "lagg0")));  // among its capabilities, not its options
  EXPECT_THAT(link(lagg, "lagg0").lower, ElementsAre("ice0", "ice1"));
  EXPECT_EQ(link(lagg, "ice1").master, "lagg0");
  const MachineSurvey bridge = read_survey({published("freenas-bridge-igb")});
  EXPECT_EQ(link(bridge, "bridge0").kind, "bridge");
  EXPECT_EQ(link(bridge, "tap0").master, "bridge0");
  EXPECT_EQ(link(bridge, "tap0").kind, "tun");
  EXPECT_EQ(link(bridge, "vlan300").kind, "vlan");
  EXPECT_EQ(link(bridge, "lo0").kind, "loopback");
}

TEST(FreebsdReader, TheReleaseIsThatOfUnameWithoutTheMachinesName) {
  EXPECT_EQ(read_survey({published("bsdrp-lagg-em")}).kernel, "FreeBSD 10.0-STABLE");
  EXPECT_EQ(read_survey({published("freebsd-xn-lro")}).kernel, "FreeBSD 13.2-STABLE");
}

TEST(FreebsdReader, AnotherSystemsIfconfigIsNotTakenForIt) {
  EXPECT_THROW(read_survey({published("netbsd-ena")}), Error);
  EXPECT_THROW(read_survey({{"sentence", "FreeBSD 11 virtual machine as a router\n"}}), Error);
}

TEST(FreebsdReader, ReadsForwardingAlsoWhereItWasJustSwitched) {
  EXPECT_EQ(read_survey({published("freebsd-forwarding")}).forwards, true);
  // The form of sysctl(8), and of sysctl.conf(5).
  EXPECT_EQ(read_survey({{"a", "net.inet.ip.forwarding: 0\nnet.inet6.ip6.forwarding: 1\n"}}).forwards, true);
  EXPECT_EQ(read_survey({{"a", "net.inet.ip.forwarding=0\n"}}).forwards, false);
  EXPECT_EQ(read_survey({{"a", "net.inet.ip.forwarding: 0 -> 1\n"}}).forwards, true);
}

TEST(FreebsdReader, AnOptionsLineThatWasCutOffSaysWhatIsOnAndNoMore) {
  std::string text = published("freebsd-vtnet-lro").text;
  const auto lro = text.find("TSO6,LRO");
  const MachineSurvey survey = read_survey({{"cut", text.substr(0, lro)}});
  const SurveyedLink& nic = link(survey, "vtnet0");
  EXPECT_TRUE(nic.features.at("rx-checksumming").on);
  EXPECT_FALSE(nic.features.contains(std::string(feature_lro)));
  EXPECT_EQ(row(risks_of(survey), "LRO").risk, Risk::cannot_tell);
}

TEST(FreebsdRisks, LroIsAtRiskOnlyWhereSomebodyElseMerges) {
  const auto rows = risks_of(read_survey({published("pfsense-vtnet-igb-lro"), published("freebsd-forwarding")}));
  const RiskRow& lro = row(rows, "LRO");
  ASSERT_EQ(lro.reasons.size(), 1U);
  EXPECT_THAT(lro.reasons[0].nics, ElementsAre("vtnet0"));
  EXPECT_THAT(lro.prove, testing::Contains(HasSubstr("hw.vtnet.lro_disable")));
  EXPECT_THAT(lro.mend, testing::Contains(HasSubstr("ifconfig vtnet0 -lro")));
  EXPECT_THAT(lro.mend, testing::Contains(AllOf(HasSubstr("ifconfig_vtnet0"), HasSubstr("rc.conf"))));
  EXPECT_THAT(lro.mend, testing::Contains(HasSubstr("OPNsense: Interfaces > Settings")));
}

TEST(FreebsdRisks, VmxIsAtRiskWithLroAndElseUpToTheHypervisor) {
  MachineSurvey survey{.kind = SystemKind::freebsd, .forwards = true};
  for (const char* name : {"vmx0", "vmx1"}) {
    survey.links.push_back({.name = name, .driver = "vmx", .mtu = 1500, .up = true});
    survey.links.back().features[std::string(feature_lro)] = {};
  }
  EXPECT_EQ(worst(risks_of(survey)), Risk::depends_on_hypervisor);
  survey.links[1].features[std::string(feature_lro)].on = true;
  const RiskRow lro = row(risks_of(survey), "LRO");
  EXPECT_EQ(lro.risk, Risk::at_risk);
  EXPECT_THAT(lro.prove, testing::Contains(HasSubstr("ifconfig vmx1 ")));
  EXPECT_THAT(lro.mend, testing::Contains(HasSubstr("ifconfig vmx1 -lro")));
}

TEST(FreebsdRisks, ANicWithoutAHypervisorIsSafeWithLroOff) {
  MachineSurvey survey = read_survey({published("freenas-bridge-igb"), {"a", "kern.vm_guest: none\n"}});
  survey.forwards = true;
  EXPECT_EQ(survey.hypervisor, "none");
  EXPECT_EQ(worst(risks_of(survey)), Risk::safe);
  EXPECT_THAT(reservations(survey), ElementsAre(HasSubstr("not tried on a real FreeBSD")));
}

TEST(FreebsdRisks, ABridgeMayGiveLroBack) {
  MachineSurvey survey = read_survey({published("opnsense-vtnet-bridge")});
  for (SurveyedLink& one : survey.links)
    if (one.driver == "vtnet") one.master = "bridge0";
  const RiskRow back = row(risks_of(survey), "H18");
  EXPECT_EQ(back.risk, Risk::cannot_tell);
  EXPECT_THAT(back.reasons.at(0).nics, ElementsAre("vtnet0", "vtnet1"));
}

TEST(FreebsdRisks, ADriverThatNobodyKnowsIsNotCalledSafe) {
  MachineSurvey survey = read_survey({published("opnsense-vtnet-bridge"), {"a", "net.inet.ip.forwarding: 1\n"}});
  for (SurveyedLink& one : survey.links)
    if (one.driver == "vtnet") one.driver = "strange";
  EXPECT_EQ(row(risks_of(survey), orphans).risk, Risk::cannot_tell);
  for (SurveyedLink& one : survey.links) one.driver.clear();
  EXPECT_EQ(row(risks_of(survey), orphans).risk, Risk::cannot_tell);
}

}  // namespace
}  // namespace offlab
