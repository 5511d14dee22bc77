// Were the settings as wanted, before, during and after the transfer?
#include "measure/settings_held.h"

#include <algorithm>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "measure/sections.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;
using Differences = std::vector<StateDifference>;

SettingsCheck check(const RecordedLeg& leg) {
  const auto sections = [](const Snapshot& snapshot) {
    NodeSections nodes;
    for (const auto& [node, text] : snapshot.nodes) nodes[node] = parse_sections(text);
    return nodes;
  };
  return check_settings(leg.intent, leg.intent.hops.at(0).hop, leg.seen, sections(leg.seen.before),
                        sections(leg.seen.after));
}

// hypervisor.lro = passthrough on both taps, guest LRO off.
RecordedLeg forced() {
  return recorded_leg("hypervisor-lro");
}

// `active` of one feature of one interface.
void set_feature(Snapshot& snapshot, const std::string& node, const std::string& interface, const std::string& feature,
                 bool on) {
  std::string& text = snapshot.nodes.at(node);
  const auto section = text.find("==> ethtool -k " + interface + " <==");
  const auto name = text.find("\"" + feature + "\": {", section);
  const std::string state = "\"active\": ";
  const auto value = text.find(state, name) + state.size();
  ASSERT_NE(section, std::string::npos);
  ASSERT_NE(name, std::string::npos);
  text.replace(value, text.find(',', value) - value, on ? "true" : "false");
}

TEST(SettingsHeld, FindNothingInTheRecordedLegs) {
  const SettingsCheck result = check(forced());
  EXPECT_EQ(result.differences, Differences{});
  EXPECT_EQ(result.missing, Lines{});
  EXPECT_EQ(result.side_effects, Lines{});
  EXPECT_EQ(result.ingress_lro, false);
}

// A leg whose guest printed `before` and `after` of a sysctl that was to be "4096 87380"; nothing: no section.
RecordedLeg with_sysctl(const std::optional<std::string>& before, const std::optional<std::string>& after) {
  RecordedLeg leg = forced();
  leg.intent.values = {{"server", {"sysctl net.ipv4.tcp_rmem", "/proc/sys/net/ipv4/tcp_rmem"}, "4096 87380"}};
  const auto show = [](Snapshot& snapshot, const std::optional<std::string>& value) {
    std::string& text = snapshot.nodes.at("server");
    if (value) text = "==> sysctl net.ipv4.tcp_rmem <==\n" + *value + "\n" + text;
  };
  show(leg.seen.before, before);
  show(leg.seen.after, after);
  return leg;
}

TEST(SettingsHeld, CompareTheWordsOfASysctl) {
  const SettingsCheck result = check(with_sysctl("4096\t87380", "4096\t87380"));
  EXPECT_EQ(result.differences, Differences{});
  EXPECT_EQ(result.missing, Lines{});
}

TEST(SettingsHeld, NameASysctlThatIsOtherwise) {
  EXPECT_EQ(check(with_sysctl("4096 1", "4096 87380")).differences,
            (Differences{{"server", "sysctl net.ipv4.tcp_rmem", "4096 87380", "4096 1", "before", false}}));
  EXPECT_EQ(check(with_sysctl("4096 87380", "")).differences,
            (Differences{{"server", "sysctl net.ipv4.tcp_rmem", "4096 87380", "", "after", false}}));
}

TEST(SettingsHeld, ASysctlThatWasNotReadIsMissing) {
  EXPECT_EQ(check(with_sysctl("4096 87380", std::nullopt)).missing,
            Lines{"sysctl net.ipv4.tcp_rmem of server after the transfer"});
}

// The guest's name of the NIC is not its network's.
TEST(SettingsHeld, AreReadFromTheNicsDevice) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  for (Snapshot* snapshot : {&leg.seen.before, &leg.seen.after}) {
    std::string& router = snapshot->nodes.at("router");
    for (const char* section : {"ethtool -k", "mtu"})
      router = replaced(router, fmt::format("==> {} wan <==", section), fmt::format("==> {} ens192 <==", section));
  }
  EXPECT_NE(check(leg).missing, Lines{});
  for (NicIntent& nic : leg.intent.nics)
    if (nic.nic == NicRef{"router", "wan"}) nic.device = "ens192";
  const SettingsCheck result = check(leg);
  EXPECT_EQ(result.missing, Lines{});
  EXPECT_EQ(result.differences, Differences{});
  EXPECT_EQ(result.ingress_lro, true);
  set_feature(leg.seen.after, "router", "ens192", "large-receive-offload", false);
  EXPECT_EQ(check(leg).differences, (Differences{{NicRef{"router", "wan"}, "lro", "on", "off", "after", false}}));
}

TEST(SettingsHeld, AnInjectionThatWasHealedBeforeTheTransfer) {
  RecordedLeg leg = forced();
  leg.seen.before.taps.at("router-wan").features.at("tx-tcp-segmentation") = false;
  EXPECT_EQ(check(leg).differences,
            (Differences{{"tap router-wan", "tx-tcp-segmentation", "on", "off", "before", true}}));
}

TEST(SettingsHeld, AnInjectionThatWasHealedAfterIt) {
  RecordedLeg leg = forced();
  leg.seen.after.taps.at("router-lan").features.at("tx-tcp6-segmentation") = false;
  EXPECT_EQ(check(leg).differences,
            (Differences{{"tap router-lan", "tx-tcp6-segmentation", "on", "off", "after", true}}));
}

TEST(SettingsHeld, AnInjectionThatWasHealedDuringIt) {
  RecordedLeg leg = forced();
  for (TapSample& sample : leg.seen.samples)
    if (sample.tap == "router-wan" && sample.seconds > 0.35) sample.tso4 = false;
  EXPECT_EQ(check(leg).differences,
            (Differences{{"tap router-wan", "tx-tcp-segmentation", "on", "off", "0.4 s into the transfer", true}}));
}

TEST(SettingsHeld, AFeatureThatTheTapDoesNotHaveIsNotForced) {
  RecordedLeg leg = forced();
  leg.seen.after.taps.at("router-wan").features.erase("tx-tcp-segmentation");
  EXPECT_EQ(check(leg).differences.size(), 1U);
  EXPECT_TRUE(check(leg).differences.at(0).injected);
}

TEST(SettingsHeld, ATapThatNobodyForcedMayBeAsTheGuestWantsIt) {
  RecordedLeg leg = recorded_leg("hypervisor-lro", LegRole::control);
  EXPECT_FALSE(leg.seen.before.taps.at("router-wan").features.at("tx-tcp-segmentation"));
  EXPECT_EQ(check(leg).differences, Differences{});
}

TEST(SettingsHeld, ATapThatNobodyForcedMustNotChange) {
  RecordedLeg leg = recorded_leg("hypervisor-lro", LegRole::control);
  leg.seen.after.taps.at("router-wan").features.at("tx-tcp-segmentation") = true;
  EXPECT_EQ(check(leg).differences,
            (Differences{{"tap router-wan", "tx-tcp-segmentation", "off", "on", "after", false}}));
}

TEST(SettingsHeld, ATapsFlagsAndMtuMustNotChange) {
  RecordedLeg leg = forced();
  leg.seen.after.taps.at("client-lan").tun_flags = 0x1002;
  leg.seen.after.taps.at("server-wan").mtu = 1500;
  EXPECT_EQ(check(leg).differences, (Differences{{"tap client-lan", "tun_flags", "0x5002", "0x1002", "after", false},
                                                 {"tap server-wan", "mtu", "9000", "1500", "after", false}}));
}

TEST(SettingsHeld, AGuestFeatureThatWasNotTaken) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  set_feature(leg.seen.before, "router", "wan", "large-receive-offload", false);
  set_feature(leg.seen.after, "router", "wan", "large-receive-offload", false);
  const SettingsCheck result = check(leg);
  EXPECT_EQ(result.differences, (Differences{{NicRef{"router", "wan"}, "lro", "on", "off", "before", false},
                                             {NicRef{"router", "wan"}, "lro", "on", "off", "after", false}}));
  EXPECT_EQ(result.ingress_lro, false);
}

TEST(SettingsHeld, AWantedFeatureThatDidNotStayIsToldOnce) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  set_feature(leg.seen.after, "router", "lan", "large-receive-offload", false);
  EXPECT_EQ(check(leg).differences, (Differences{{NicRef{"router", "lan"}, "lro", "on", "off", "after", false}}));
}

TEST(SettingsHeld, AnUnexplainedChangeOfAFeatureThatNobodyAskedAbout) {
  RecordedLeg leg = forced();
  set_feature(leg.seen.after, "client", "lan", "generic-receive-offload", false);
  EXPECT_EQ(check(leg).differences, (Differences{{NicRef{"client", "lan"}, "gro", "on", "off", "after", false}}));
}

TEST(SettingsHeld, AnMtuAndForwardingThatDidNotStay) {
  RecordedLeg leg = forced();
  auto& router = leg.seen.after.nodes.at("router");
  router = replaced(router, "==> mtu wan <==\n1500", "==> mtu wan <==\n9000");
  router = replaced(router, "==> ip_forward <==\n1", "==> ip_forward <==\n0");
  EXPECT_EQ(check(leg).differences, (Differences{{"router", "mtu wan", "1500", "9000", "after", false},
                                                 {"router", "ip_forward", "1", "0", "after", false}}));
}

TEST(SettingsHeld, WhatChangedWithARequestedFeatureIsASideEffect) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  set_feature(leg.seen.before, "router", "wan", "tx-checksumming", false);
  set_feature(leg.seen.after, "router", "wan", "tx-checksumming", false);
  const SettingsCheck result = check(leg);
  EXPECT_EQ(result.side_effects, Lines{"router wan: tx off"});
  EXPECT_EQ(result.differences, Differences{});
}

TEST(SettingsHeld, NameAReadingThatIsNotThere) {
  RecordedLeg leg = forced();
  auto& router = leg.seen.before.nodes.at("router");
  router = without_section(without_section(without_section(router, "mtu lan"), "ethtool -k wan"), "ip_forward");
  leg.seen.after.taps.erase("router-lan");
  const SettingsCheck result = check(leg);
  EXPECT_EQ(result.missing,
            (Lines{"offloads of router wan before the transfer", "mtu lan of router before the transfer",
                   "ip_forward of router before the transfer", "state of tap router-lan after the transfer"}));
  EXPECT_EQ(result.ingress_lro, std::nullopt);
}

TEST(SettingsHeld, NameAReadingThatIsEmptyOrNoFeatureList) {
  RecordedLeg leg = forced();
  auto& router = leg.seen.after.nodes.at("router");
  router = replaced(router, "==> mtu lan <==\n1500\n", "==> mtu lan <==\n\n");
  router = replaced(router, "==> ethtool -k lan <==\n[", "==> ethtool -k lan <==\n");
  EXPECT_EQ(check(leg).missing,
            (Lines{"offloads of router lan after the transfer", "mtu lan of router after the transfer"}));
}

// Nobody asked for a feature of the client, but "every setting was read back equal" is claimed for it too.
TEST(SettingsHeld, NameABaselineThatIsNoFeatureList) {
  RecordedLeg leg = forced();
  leg.seen.baseline.at({"router", "wan"}) = "ethtool: not found";
  EXPECT_EQ(check(leg).missing, Lines{"offloads of router wan after configuration"});
}

TEST(SettingsHeld, NameTheOffloadsOfAnInterfaceThatNobodyAskedAbout) {
  RecordedLeg leg = forced();
  auto& client = leg.seen.after.nodes.at("client");
  client = without_section(client, "ethtool -k lan");
  EXPECT_EQ(check(leg).missing, Lines{"offloads of client lan after the transfer"});
}

TEST(SettingsHeld, NameTheSamplesOfAForcedTapThatAreNotThere) {
  RecordedLeg leg = forced();
  leg.seen.samples.clear();
  EXPECT_FALSE(check(leg).missing.empty());
}

}  // namespace
}  // namespace offlab
