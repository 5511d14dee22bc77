#include "survey/survey_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "survey/domain_xml.h"

namespace offlab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const SurveyedLink& link(const MachineSurvey& survey, const std::string& name) {
  const SurveyedLink* found = find_link(survey, name);
  if (found == nullptr) throw std::runtime_error("no link " + name);
  return *found;
}

TEST(SurveyReader, ReadsFeaturesBetweenPromptsAndOtherLines) {
  const MachineSurvey survey = read_survey({{"report.txt",
                                             "here is what I see\n"
                                             "[root@gw ~]# ethtool -i ens160\n"
                                             "driver: vmxnet3\n"
                                             "version: 1.7.0.0-k-NAPI\n"
                                             "[root@gw ~]# ethtool -k ens160 | grep offload\n"
                                             "tcp-segmentation-offload: on\n"
                                             "large-receive-offload: off [requested on]\n"
                                             "rx-vlan-offload: on [fixed]\n"
                                             "and this is all\n"}});
  const SurveyedLink& nic = link(survey, "ens160");
  EXPECT_EQ(nic.driver, "vmxnet3");
  EXPECT_EQ(nic.features.at("large-receive-offload"), (SurveyedFeature{false, false, true}));
  EXPECT_EQ(nic.features.at("rx-vlan-offload"), (SurveyedFeature{true, true, false}));
  EXPECT_EQ(nic.features.size(), 3U);
}

TEST(SurveyReader, AFileMayNameTheNicAsSosreportDoes) {
  const MachineSurvey survey = read_survey(
      {{"ethtool_-i_eth0", "driver: ixgbe\n"}, {"ethtool_-k_eth0", "Features for eth0:\nlarge-receive-offload: on\n"}});
  EXPECT_EQ(link(survey, "eth0").driver, "ixgbe");
  EXPECT_TRUE(link(survey, "eth0").features.at("large-receive-offload").on);
}

TEST(SurveyReader, ADriverOfNobodyKnowsWhichNicIsRefused) {
  try {
    read_survey({{"a.txt", "Features for eth0:\nlarge-receive-offload: on\nFeatures for eth1:\n"},
                 {"b.txt", "driver: vmxnet3\n"}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("which NIC it is cannot be told"));
  }
}

TEST(SurveyReader, ReadsIpAsText) {
  const MachineSurvey survey =
      read_survey({{"ip.txt",
                    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default\n"
                    "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
                    "2: ens160: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 9000 qdisc mq master br0 state UP group default\n"
                    "    link/ether 00:0c:29:b1:f4:54 brd ff:ff:ff:ff:ff:ff promiscuity 1\n"
                    "    bridge_slave state forwarding priority 32\n"
                    "3: ens160.7@ens160: <BROADCAST,MULTICAST> mtu 1500 qdisc noqueue state DOWN\n"
                    "    vlan protocol 802.1Q id 7 <REORDER_HDR>\n"
                    "    inet 10.0.0.12/24 brd 10.0.0.255 scope global noprefixroute ens160.7\n"
                    "4: br0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP\n"
                    "    bridge forward_delay 1500 hello_time 200\n"
                    "default via 10.0.0.1 dev ens160.7 proto static\n"}});
  EXPECT_EQ(link(survey, "ens160").mtu, 9000U);
  EXPECT_EQ(link(survey, "ens160").master, "br0");
  EXPECT_EQ(link(survey, "ens160").mac, "00:0c:29:b1:f4:54");
  const SurveyedLink& vlan = link(survey, "ens160.7");
  EXPECT_EQ(vlan.kind, "vlan");
  EXPECT_EQ(vlan.vlan, 7U);
  EXPECT_EQ(vlan.up, false);
  EXPECT_THAT(vlan.lower, ElementsAre("ens160"));
  EXPECT_THAT(vlan.addresses, ElementsAre("10.0.0.12/24"));
  EXPECT_EQ(link(survey, "br0").kind, "bridge");
  EXPECT_THAT(survey.upstream, ElementsAre("ens160.7"));
}

TEST(SurveyReader, ReadsIpAsJsonInOneLineOrInMany) {
  const std::string one =
      R"([{"ifname":"eth0","flags":["UP"],"mtu":1400,"address":"52:54:01:00:01:00","link":"eth9",)"
      R"("linkinfo":{"info_kind":"vlan","info_data":{"id":9}},"addr_info":[{"scope":"global","local":"198.18.1.1","prefixlen":24}]}])";
  for (const std::string& text :
       {one, std::string("[ {\n  \"ifname\": \"eth0\",\n  \"flags\": [ \"UP\" ],\n  \"mtu\": 1400\n} ]\n")}) {
    const MachineSurvey survey = read_survey({{"ip", text}});
    EXPECT_EQ(link(survey, "eth0").mtu, 1400U);
    EXPECT_EQ(link(survey, "eth0").up, true);
  }
  const MachineSurvey survey = read_survey({{"ip", one + "\n" + R"([{"dst":"default","dev":"eth0"}])" + "\n"}});
  EXPECT_EQ(link(survey, "eth0").vlan, 9U);
  EXPECT_THAT(link(survey, "eth0").addresses, ElementsAre("198.18.1.1/24"));
  EXPECT_THAT(survey.upstream, ElementsAre("eth0"));
}

TEST(SurveyReader, ReadsForwardingAsSysctlAndAsFilesHaveIt) {
  const MachineSurvey survey = read_survey({{"sysctl",
                                             "net.ipv4.ip_forward = 1\n"
                                             "net.ipv4.conf.eth0/7.forwarding = 0\n"
                                             "net.ipv4.conf.eth0/7.mc_forwarding = 1\n"
                                             "net/ipv6/conf/eth0.7/forwarding = 1\n"
                                             "net.ipv6.conf.default.forwarding = 1\n"}});
  EXPECT_EQ(survey.forwards, true);
  ASSERT_EQ(survey.links.size(), 1U);
  EXPECT_EQ(survey.links[0].name, "eth0.7");
  EXPECT_EQ(survey.links[0].forwards_ipv4, false);
  EXPECT_EQ(survey.links[0].forwards_ipv6, true);
}

TEST(SurveyReader, WhatIsKnownToNobodyIsRefused) {
  EXPECT_THROW(read_survey({{"x", ""}}), Error);
  EXPECT_THROW(read_survey({{"x", "-----BEGIN OPENSSH PRIVATE KEY-----\n"}}), Error);
}

TEST(SurveyReader, ALongLineCostsNothing) {
  const std::string junk(3'000'000, 'a');
  const MachineSurvey survey =
      read_survey({{"x", junk + "\n[{" + junk + "\nFeatures for eth0:\nlarge-receive-offload: on\n"}});
  EXPECT_EQ(survey.links.size(), 1U);
}

TEST(SurveyReader, MoreLinksThanAMachineHasAreRefused) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "Features for eth" + std::to_string(i) + ":\n";
  EXPECT_THROW(read_survey({{"x", text}}), Error);
}

constexpr const char* domain = R"(<domain type='kvm'><name>gw</name><devices>
  <interface type='bridge'><mac address='52:54:01:00:01:00'/><target dev='vnet7'/><model type='vmxnet3'/></interface>
  <interface type='bridge'><mac address='52:54:01:00:01:01'/><mtu size='9000'/><model type='virtio'/>
    <driver><host mrg_rxbuf='off'/><guest tso4='off' tso6='off' ecn='off' ufo='off'/></driver></interface>
</devices></domain>)";

TEST(DomainXml, HasModelsAndForbiddenFeatures) {
  MachineSurvey survey;
  add_domain(survey, domain);
  ASSERT_EQ(survey.links.size(), 2U);
  EXPECT_EQ(survey.links[0].name, "vnet7");
  EXPECT_EQ(survey.links[0].driver, "vmxnet3");
  EXPECT_EQ(survey.links[1].driver, "virtio_net");
  EXPECT_EQ(survey.links[1].mtu, 9000U);
  EXPECT_EQ(survey.links[1].virtio_features[15], '0');
  EXPECT_EQ(survey.links[1].virtio_features[7], '0');
  EXPECT_EQ(survey.links[1].virtio_features[0], '1');
}

TEST(DomainXml, CompletesANicOfTheSameMac) {
  MachineSurvey survey;
  survey.links.push_back({.name = "eth0", .mac = "52:54:01:00:01:00"});
  add_domain(survey, domain);
  EXPECT_EQ(survey.links.size(), 2U);
  EXPECT_EQ(survey.links[0].driver, "vmxnet3");
}

TEST(DomainXml, AnythingElseIsRefused) {
  MachineSurvey survey;
  EXPECT_THROW(add_domain(survey, "no xml"), Error);
  EXPECT_THROW(add_domain(survey, "<network/>"), Error);
  EXPECT_THROW(add_domain(survey, "<domain><devices/></domain>"), Error);
}

}  // namespace
}  // namespace offlab
