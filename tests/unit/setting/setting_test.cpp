// Every form of a setting's key, and what is wrong with the others.
#include "setting/setting.h"

#include <algorithm>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "setting/rows.h"

namespace offlab {
namespace {

Interface on(const std::string& network) {
  Interface interface;
  interface.network = network;
  return interface;
}

Topology topology() {
  Topology made;
  made.networks = {{"wan", {}, {}, Mtu{1500}, HypervisorLro::off}, {"lan", {}, {}, Mtu{1500}, HypervisorLro::off}};
  made.nodes.resize(3);
  made.nodes[0].name = "router";
  made.nodes[0].role = NodeRole::router;
  made.nodes[0].interfaces = {on("lan"), on("wan")};
  made.nodes[1].name = "client";
  made.nodes[1].interfaces = {on("lan")};
  made.nodes[2].name = "server";
  made.nodes[2].interfaces = {on("wan")};
  made.flows = {{"download", "server", "client", Family::ipv4, true}};
  return made;
}

// The topology after the setting, which must be accepted.
Topology with(const std::string& key, const std::string& value) {
  Topology changed = topology();
  const auto error = apply_setting(changed, {key, value});
  EXPECT_FALSE(error) << key << " = " << value << ": " << error->message;
  return changed;
}

std::string mistake(const std::string& key, const std::string& value) {
  Topology changed = topology();
  const auto error = apply_setting(changed, {key, value});
  if (!error) return "none";
  return std::string(error->in_key ? "key: " : "value: ") + error->message +
         (error->hint.empty() ? "" : " (" + error->hint + ")");
}

TEST(ApplySetting, HypervisorLroActsOnEveryNetwork) {
  Topology expected = topology();
  for (Network& network : expected.networks) network.hypervisor_lro = HypervisorLro::passthrough;
  EXPECT_EQ(with("hypervisor.lro", "passthrough"), expected);
}

TEST(ApplySetting, ANetworksHypervisorLroActsOnItAlone) {
  Topology expected = topology();
  expected.networks[1].hypervisor_lro = HypervisorLro::passthrough;
  EXPECT_EQ(with("lan.hypervisor.lro", "passthrough"), expected);
}

TEST(ApplySetting, ANetworksMtuIsTheNetworks) {
  Topology expected = topology();
  expected.networks[1].mtu = Mtu{1400};
  EXPECT_EQ(with("lan.mtu", "1400"), expected);
}

TEST(ApplySetting, ANodesModelIsThatOfAllItsInterfaces) {
  Topology expected = topology();
  for (Interface& interface : expected.nodes[0].interfaces) interface.model = NicModel::vmxnet3;
  EXPECT_EQ(with("router.model", "vmxnet3"), expected);
}

TEST(ApplySetting, AnInterfacesModelIsItsOwn) {
  Topology expected = topology();
  expected.nodes[0].interfaces[1].model = NicModel::e1000e;
  EXPECT_EQ(with("router.wan.model", "e1000e"), expected);
}

TEST(ApplySetting, TheMtuOfANodeAndOfAnInterface) {
  Topology expected = topology();
  expected.nodes[0].interfaces[1].mtu = Mtu{9000};
  EXPECT_EQ(with("router.wan.mtu", "9000"), expected);
  expected.nodes[0].interfaces[0].mtu = Mtu{9000};
  EXPECT_EQ(with("router.mtu", "9000"), expected);
}

TEST(ApplySetting, AFeatureOfANodeAndOfAnInterfaceByBothNames) {
  Topology expected = topology();
  expected.nodes[0].interfaces[1].features["large-receive-offload"] = true;
  EXPECT_EQ(with("router.wan.lro", "on"), expected);
  EXPECT_EQ(with("router.wan.large-receive-offload", "true"), expected);
  expected.nodes[0].interfaces[0].features["large-receive-offload"] = true;
  EXPECT_EQ(with("router.lro", "on"), expected);
  expected = topology();
  expected.nodes[1].interfaces[0].features["rx-gro-hw"] = false;
  EXPECT_EQ(with("client.rx-gro-hw", "off"), expected);
  EXPECT_EQ(with("client.lan.rx-gro-hw", "false"), expected);
}

TEST(ApplySetting, VcpusAndMemoryOfANode) {
  Topology expected = topology();
  expected.nodes[2].vcpus = 64;
  EXPECT_EQ(with("server.vcpus", "64"), expected);
  expected = topology();
  expected.nodes[2].memory_mib = 128;
  EXPECT_EQ(with("server.memory", "128"), expected);
}

TEST(ApplySetting, DfAndFamilyOfAFlow) {
  Topology expected = topology();
  expected.flows[0].df = false;
  EXPECT_EQ(with("download.df", "false"), expected);
  EXPECT_EQ(with("download.df", "true"), topology());
  expected = topology();
  expected.flows[0].family = Family::ipv6;
  EXPECT_EQ(with("download.family", "ipv6"), expected);
}

TEST(ApplySetting, KeepsNumbersWithinTheirLimits) {
  EXPECT_EQ(with("lan.mtu", "68").networks[1].mtu, Mtu{68});
  EXPECT_EQ(with("lan.mtu", "65535").networks[1].mtu, Mtu{65535});
  for (const char* text : {"67", "65536", "-1500", "1500x", "", " 1500", "4294968796"})
    EXPECT_EQ(mistake("lan.mtu", text),
              "value: '" + std::string(text) + "' is not a value of 'lan.mtu' (a number from 68 to 65535)");
  EXPECT_EQ(mistake("server.vcpus", "0"), "value: '0' is not a value of 'server.vcpus' (a number from 1 to 64)");
  EXPECT_EQ(mistake("server.vcpus", "65"), "value: '65' is not a value of 'server.vcpus' (a number from 1 to 64)");
  EXPECT_EQ(mistake("server.memory", "127"),
            "value: '127' is not a value of 'server.memory' (MiB, a number from 128 to 65536)");
  EXPECT_EQ(mistake("server.memory", "65537"),
            "value: '65537' is not a value of 'server.memory' (MiB, a number from 128 to 65536)");
}

TEST(ApplySetting, DelayAndLossHaveTheirUnits) {
  EXPECT_DOUBLE_EQ(with("wan.delay", "10ms").networks[0].shaping.delay_seconds, 0.01);
  EXPECT_DOUBLE_EQ(with("wan.delay", "0").networks[0].shaping.delay_seconds, 0);
  EXPECT_DOUBLE_EQ(with("wan.loss", "0.5%").networks[0].shaping.loss, 0.005);
  EXPECT_DOUBLE_EQ(with("wan.loss", "0").networks[0].shaping.loss, 0);
  EXPECT_EQ(with("download.background", "bsd").flows[0].background.sender, BackgroundSender::bsd);
  EXPECT_EQ(with("wan.queue", "200kB").networks[0].shaping.queue, ByteCount{200'000});
  for (const char* text : {"10", "0.01", "11s", "fast", ""})
    EXPECT_NE(mistake("wan.delay", text).find("a time as in 10ms"), std::string::npos) << text;
  for (const char* text : {"1", "0.005", "101%", "%", ""})
    EXPECT_NE(mistake("wan.loss", text).find("a share as in 0.5%"), std::string::npos) << text;
}

TEST(ApplySetting, NamesTheValuesOfAClosedSet) {
  EXPECT_EQ(mistake("hypervisor.lro", "on"),
            "value: 'on' is not a value of 'hypervisor.lro' (one of: off, passthrough, merge)");
  EXPECT_EQ(mistake("wan.hypervisor.lro", ""),
            "value: '' is not a value of 'wan.hypervisor.lro' (one of: off, passthrough, merge)");
  EXPECT_EQ(mistake("hypervisor.lro-families", "ipv5"),
            "value: 'ipv5' is not a value of 'hypervisor.lro-families' (one of: both, ipv4, ipv6)");
  EXPECT_EQ(mistake("router.model", "e100"), fmt::format("value: 'e100' is not a value of 'router.model' (one of: {})",
                                                         fmt::join(nic_model_names(), ", ")));
  EXPECT_EQ(mistake("router.lro", "yes"), "value: 'yes' is not a value of 'router.lro' (one of: on, off)");
  EXPECT_EQ(mistake("download.df", "on"), "value: 'on' is not a value of 'download.df' (one of: true, false)");
  EXPECT_EQ(mistake("download.family", "ip"), "value: 'ip' is not a value of 'download.family' (one of: ipv4, ipv6)");
}

TEST(ApplySetting, SuggestsTheKeyThatWasMeant) {
  EXPECT_EQ(mistake("router.lrp", "on"), "key: unknown setting 'router.lrp' (did you mean 'router.lro'?)");
  EXPECT_EQ(mistake("router.wan.mut", "1400"),
            "key: unknown setting 'router.wan.mut' (did you mean 'router.wan.mtu'?)");
  EXPECT_EQ(mistake("lan.mt", "1400"), "key: unknown setting 'lan.mt' (did you mean 'lan.mtu'?)");
  EXPECT_EQ(mistake("download.famly", "ipv4"),
            "key: unknown setting 'download.famly' (did you mean 'download.family'?)");
  EXPECT_EQ(mistake("ruoter.mtu", "1400"), "key: unknown setting 'ruoter.mtu' (did you mean 'router.mtu'?)");
  EXPECT_EQ(mistake("hypervisor.lor", "off"), "key: unknown setting 'hypervisor.lor' (did you mean 'hypervisor.lro'?)");
}

TEST(ApplySetting, RefusesKeysOfNoKnownForm) {
  const std::string hint = " (settings are listed by 'offlab validate --settings FILE')";
  EXPECT_EQ(mistake("", "on"), "key: unknown setting ''" + hint);
  EXPECT_EQ(mistake("router", "on"), "key: unknown setting 'router'" + hint);
  EXPECT_EQ(mistake("router.lan.wan.elsewhere", "on"), "key: unknown setting 'router.lan.wan.elsewhere'" + hint);
  EXPECT_EQ(mistake("router.no-such-feature-at-all", "on"),
            "key: unknown setting 'router.no-such-feature-at-all'" + hint);
}

TEST(ApplySetting, RefusesANetworkThatTheNodeIsNotOn) {
  EXPECT_EQ(mistake("client.wan.mtu", "1400"), "key: node 'client' has no interface on a network 'wan'");
}

TEST(ApplySetting, RefusesANodesOwnSettingOnAnInterface) {
  EXPECT_EQ(mistake("router.wan.vcpus", "2").rfind("key: unknown setting 'router.wan.vcpus'", 0), 0U);
  EXPECT_EQ(mistake("download.x.df", "true").rfind("key: unknown setting 'download.x.df'", 0), 0U);
}

TEST(SettingKeys, ListEveryFormThatApplies) {
  const auto keys = setting_keys(topology());
  for (const char* key : {"hypervisor.lro", "wan.hypervisor.lro", "lan.mtu", "router.model", "router.wan.model",
                          "router.mtu", "router.lan.mtu", "client.lro", "client.lan.large-receive-offload",
                          "server.vcpus", "server.memory", "download.df", "download.family"})
    EXPECT_EQ(std::count(keys.begin(), keys.end(), key), 1) << key;
  EXPECT_EQ(std::count(keys.begin(), keys.end(), "client.wan.mtu"), 0);
}

TEST(DescribeSettings, NamesEveryNetworkNodeInterfaceAndFlow) {
  const std::string text = describe_settings(topology());
  const std::string models = fmt::format("  router.model                 {}; what the guest sees [another lab]\n",
                                         fmt::join(nic_model_names(), " | "));
  for (const char* line :
       {"  hypervisor.lro               off | passthrough", "  lan.mtu                      68..65535", models.c_str(),
        "  router.wan.KEY               any of these for that one interface\n",
        "  server.vcpus                 1..64 [another lab]\n",
        "  server.memory                MiB, 128..65536 [another lab]\n",
        "  download.df                  true | false; false sends without DF\n",
        "  download.family              ipv4 | ipv6\n"})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  EXPECT_EQ(text.find("client.wan"), std::string::npos);
}

// A value that the row takes and that no topology of these tests has.
std::string other_value(const Row& row) {
  for (const char* text : {"rtl8139", "ipv6", "passthrough", "false", "true", "on", "2", "512", "1400", "10mbit",
                           "30ms", "0.2%", "200kB", "bsd", "2s", "any", "6.1.0-47-amd64", "client"}) {
    Topology changed = topology();
    const Part part = parts_of(changed, row.scope).front();
    const std::string before = row.text(changed, part);
    const std::string name = row.names ? (row.names->all.empty() ? "net.core.somaxconn" : row.names->all.front()) : "";
    if (row.put(changed, part, row.names ? *row.names->canonical(name) : name, text) &&
        row.text(changed, part) != before)
      return text;
  }
  return "";
}

TEST(SettingRows, EveryRowTakesItsOwnTextAndNoOther) {
  for (const Row& row : setting_rows()) {
    const std::string value = other_value(row);
    ASSERT_FALSE(value.empty()) << row.word;
    EXPECT_FALSE(row.values.empty()) << row.word;
    EXPECT_FALSE(row.shown.empty()) << row.word;
    if (row.names) continue;
    for (const Part& part : parts_of(topology(), row.scope)) {
      Topology changed = topology();
      ASSERT_TRUE(row.put(changed, part, "", value)) << row.word;
      Topology again = topology();
      ASSERT_TRUE(row.put(again, part, "", row.text(changed, part))) << row.word << " " << row.text(changed, part);
      EXPECT_EQ(again, changed) << row.word;
    }
  }
}

TEST(SettingRows, EveryRowCarriesItsValueToAnotherTopologyAndNothingElse) {
  for (const Row& row : setting_rows()) {
    Topology changed = topology();
    const Part part = parts_of(changed, row.scope).back();
    const std::string name = row.names ? (row.names->all.empty() ? "net.core.somaxconn" : row.names->all.front()) : "";
    ASSERT_TRUE(row.put(changed, part, row.names ? *row.names->canonical(name) : name, other_value(row)));
    Topology other = topology();
    EXPECT_NE(row.text(other, part), row.text(changed, part)) << row.word;
    row.copy(changed, part, other, part);
    EXPECT_EQ(other, changed) << row.word;
  }
}

TEST(SettingRows, OnlyWhatIsSwitchedLiveIsUndoneByAnotherConfiguration) {
  for (const Row& row : setting_rows()) {
    EXPECT_TRUE(row.cost == Cost::live || (!row.configured && !row.change)) << row.word;
  }
}

TEST(SettingKeys, AreAllAcceptedHaveARowAndAreListed) {
  const std::string listed = describe_settings(topology());
  for (const std::string& key : setting_keys(topology())) {
    const auto search = find_setting(topology(), key);
    ASSERT_TRUE(std::holds_alternative<FoundSetting>(search)) << key << ": " << std::get<SettingError>(search).message;
    const FoundSetting& found = std::get<FoundSetting>(search);
    EXPECT_FALSE(found.parts.empty()) << key;
    EXPECT_NE(with(key, other_value(*found.row)), topology()) << key;
    Topology changed = topology();
    const auto error = apply_setting(changed, {key, "no value\nat all"});
    ASSERT_TRUE(error) << key;
    EXPECT_FALSE(error->in_key) << key << ": " << error->message;
    const std::string word = found.row->word + (found.row->names ? found.row->names->placeholder : "");
    EXPECT_NE(listed.find(word + " "), std::string::npos) << key;
  }
}

TEST(SettingKeys, EveryPatternOfTheTableIsInTheDocumentation) {
  for (const Row& row : setting_rows())
    for (const std::string& pattern : patterns_of(row))
      EXPECT_NE(setting_table().find("`" + pattern + "`"), std::string::npos) << pattern;
}

TEST(ApplySetting, ASysctlOfANode) {
  Topology expected = topology();
  expected.nodes[0].sysctls["net.core.gro_normal_batch"] = "8";
  EXPECT_EQ(with("router.sysctl.net.core.gro_normal_batch", "8"), expected);
  expected = topology();
  expected.nodes[2].sysctls["net.ipv4.tcp_rmem"] = "4096 87380 6291456";
  EXPECT_EQ(with("server.sysctl.net.ipv4.tcp_rmem", "4096 87380 6291456"), expected);
  EXPECT_NE(describe_settings(topology()).find("  router.sysctl.NAME           one line of text; any of the guest's"),
            std::string::npos);
}

TEST(ApplySetting, RefusesWhatIsNoNameOfASysctl) {
  for (const std::string name :
       {"net/core/gro_normal_batch", "net.core.a b", "..", "net..core", ".net.core", "net.core.", "core", "",
        "net.core.$(reboot)", "net.core.a;b", "net.core.a'b", "net.core.\xc3\xa4"})
    EXPECT_EQ(mistake("router.sysctl." + name, "8"),
              "key: there is no setting 'router.sysctl." + name +
                  "' (names are as sysctl prints them, with dots: net.core.gro_normal_batch)");
  EXPECT_EQ(mistake("router.sysctl." + std::string(40, 'a') + "." + std::string(40, 'b'), "8").rfind("key: ", 0), 0U);
  EXPECT_EQ(
      mistake("server.sysctl.net.ipv4.ip_no_pmtu_disc", "1"),
      "key: there is no setting 'server.sysctl.net.ipv4.ip_no_pmtu_disc' (the setting 'df' of a flow switches it)");
}

TEST(ApplySetting, ASysctlTakesOneLineOfText) {
  const std::string key = "router.sysctl.net.core.default_qdisc";
  for (const std::string text : {"", "fq", "a 'quoted' $word; `x` > \"y\"", "\xc3\xa4", "\xf0\x9f\x98\x80"})
    EXPECT_EQ(mistake(key, text), "none") << text;
  for (const std::string text : {"two\nlines", "tab\there", "\x7f", "\xc2\x85", "\xff", "\xc3", "\xc0\xaf",
                                 "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe0\x80\x80"})
    EXPECT_NE(mistake(key, text).find("(one line of text, at most 200 characters)"), std::string::npos) << text;
  EXPECT_NE(mistake(key, std::string(201, 'x')), "none");
}

TEST(ApplySetting, ANetworkNamedSysctlLeavesSysctlsAlone) {
  Topology made = topology();
  made.networks.push_back({"sysctl", {}, {}, Mtu{1500}, HypervisorLro::off});
  made.nodes[0].interfaces.push_back(on("sysctl"));
  ASSERT_FALSE(apply_setting(made, {"router.sysctl.net.core.somaxconn", "8"}));
  ASSERT_FALSE(apply_setting(made, {"router.sysctl.mtu", "1400"}));
  EXPECT_EQ(made.nodes[0].sysctls.size(), 1U);
  EXPECT_EQ(made.nodes[0].interfaces.back().mtu, Mtu{1400});
}

// A router on networks whose names are those of kinds of settings.
Topology shadowed() {
  Topology made = topology();
  for (const char* name : {"host", "guest"}) {
    made.networks.push_back({name, {}, {}, Mtu{1500}, HypervisorLro::off});
    made.nodes[0].interfaces.push_back(on(name));
  }
  return made;
}

TEST(ApplySetting, ANetworkNamedHostOrGuestLeavesLibvirtsOffloadsAlone) {
  for (const std::string side : {"host", "guest"}) {
    Topology changed = shadowed();
    ASSERT_FALSE(apply_setting(changed, {"router." + side + ".tso4", "off"}));
    for (const Interface& interface : changed.nodes[0].interfaces)
      EXPECT_EQ((side == "host" ? interface.host_offloads : interface.guest_offloads),
                (std::map<std::string, bool>{{"tso4", false}}));
    changed = shadowed();
    ASSERT_FALSE(apply_setting(changed, {"router." + side + ".mtu", "1400"}));
    ASSERT_FALSE(apply_setting(changed, {"router." + side + ".lro", "on"}));
    EXPECT_EQ(find_interface(changed.nodes[0], side)->mtu, Mtu{1400});
    EXPECT_EQ(find_interface(changed.nodes[0], "wan")->mtu, std::nullopt);
  }
}

TEST(ApplySetting, WhatMayMeanTwoSettingsIsRefused) {
  Topology changed = shadowed();
  const auto error = apply_setting(changed, {"router.host.gso", "off"});
  ASSERT_TRUE(error && error->in_key);
  EXPECT_EQ(error->message, "'router.host.gso' may mean two settings");
  ASSERT_FALSE(apply_setting(changed, {"router.host.host.gso", "off"}));
  EXPECT_EQ(find_interface(changed.nodes[0], "host")->host_offloads.at("gso"), false);
  EXPECT_TRUE(find_interface(changed.nodes[0], "wan")->host_offloads.empty());
  ASSERT_FALSE(apply_setting(changed, {"router.host.generic-segmentation-offload", "off"}));
  EXPECT_EQ(find_interface(changed.nodes[0], "host")->features.at("generic-segmentation-offload"), false);
}

}  // namespace
}  // namespace offlab
