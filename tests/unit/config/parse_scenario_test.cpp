// What topology files without mistakes become.
#include "config/parse_scenario.h"

#include <gtest/gtest.h>

#include "good_file.h"

namespace offlab {
namespace {

Scenario parsed(std::string_view text) {
  ParsedScenario result = parse_scenario(text, "f.toml");
  EXPECT_EQ(lines_of(result.diagnostics), std::vector<std::string>{});
  return result.scenario.value();
}

std::string address(const Topology& topology, std::string_view node, std::string_view network, Family family) {
  const auto found = address_of(*find_interface(*find_node(topology, node), network), family);
  return found ? to_string(*found) : "none";
}

TEST(ParseScenario, ReadsNameSummaryAndMeasureOptions) {
  const Scenario scenario = parsed(good_file);
  EXPECT_EQ(scenario.name, "vmxnet3-router");
  EXPECT_EQ(scenario.summary, "A vmxnet3 router");
  EXPECT_EQ(scenario.measure, (MeasureOptions{5, 2, true, 2, ByteCount{1'000'000}, ByteCount{16'000'000}, 256, 0.25}));
}

TEST(ParseScenario, ReadsNetworks) {
  const auto& networks = parsed(good_file).topology.networks;
  ASSERT_EQ(networks.size(), 2U);
  EXPECT_EQ(networks[0], (Network{"wan", parse_prefix("198.18.2.0/24"), parse_prefix("2001:2:0:2::/64"), Mtu{9000},
                                  HypervisorLro::passthrough}));
  EXPECT_EQ(networks[1], (Network{"lan", parse_prefix("198.18.1.0/24"), std::nullopt, Mtu{1500}, HypervisorLro::off}));
}

TEST(ParseScenario, AFlowHasNoBackgroundUntilItsTableIsThere) {
  EXPECT_EQ(parsed(good_file).topology.flows[0].background, Background());
  const auto background = [](const std::string& words) {
    return parsed(good_file_with("df   = false", "background = { " + words + " }")).topology.flows[0].background;
  };
  EXPECT_EQ(background(""), (Background{BackgroundSender::bsd, 0, ByteCount{20'000}, 4, BitRate{100e6}}));
  EXPECT_EQ(background("sender = \"off\", streams = 7, object = \"1kB\", every = \"500ms\", rate = \"10mbit\""),
            (Background{BackgroundSender::off, 7, ByteCount{1000}, 0.5, BitRate{10e6}}));
  EXPECT_EQ(background("sender = \"udp\", direction = \"opposite\"").sender, BackgroundSender::udp);
  EXPECT_TRUE(background("sender = \"udp\", direction = \"opposite\"").opposite);
  EXPECT_FALSE(background("sender = \"tcp\"").opposite);
}

TEST(ParseScenario, ANetworkWithoutItsOwnHypervisorLroHasTheFiles) {
  EXPECT_EQ(
      parsed(good_file_with("hypervisor = { lro = \"off\" }", "hypervisor = {}")).topology.networks[1].hypervisor_lro,
      HypervisorLro::passthrough);
}

TEST(ParseScenario, ReadsNodesInFileOrder) {
  const auto& nodes = parsed(good_file).topology.nodes;
  ASSERT_EQ(nodes.size(), 3U);
  EXPECT_EQ(nodes[0].name, "client");
  EXPECT_EQ(nodes[2].role, NodeRole::server);
  const Node& router = nodes[1];
  EXPECT_EQ(router.name, "router");
  EXPECT_EQ(router.role, NodeRole::router);
  EXPECT_EQ(router.image, "debian-12-lro");
  EXPECT_EQ(router.vcpus, 2U);
  EXPECT_EQ(router.memory_mib, 512U);
  EXPECT_EQ(router.setup, std::vector<std::string>{"sysctl -w net.ipv4.tcp_mtu_probing=1"});
}

TEST(ParseScenario, GivesInterfacesTheNodesOffloadsUnlessTheyHaveTheirOwn) {
  const Topology topology = parsed(good_file).topology;
  const auto& interfaces = find_node(topology, "router")->interfaces;
  ASSERT_EQ(interfaces.size(), 2U);
  EXPECT_EQ(interfaces[0].model, NicModel::vmxnet3);
  EXPECT_EQ(interfaces[0].mtu, std::nullopt);
  EXPECT_EQ(interfaces[0].features,
            (std::map<std::string, bool>{{"large-receive-offload", false}, {"generic-receive-offload", false}}));
  EXPECT_EQ(interfaces[1].model, NicModel::e1000e);
  EXPECT_EQ(interfaces[1].mtu, Mtu{1400});
  EXPECT_EQ(interfaces[1].features,
            (std::map<std::string, bool>{{"large-receive-offload", true}, {"generic-receive-offload", false}}));
}

TEST(ParseScenario, UsesTheDefaultsWhereTheFileSaysNothing) {
  const Topology topology = parsed(good_file).topology;
  const Node& client = *find_node(topology, "client");
  EXPECT_EQ(client.image, Node{}.image);
  EXPECT_EQ(client.vcpus, Node{}.vcpus);
  EXPECT_EQ(client.memory_mib, Node{}.memory_mib);
  EXPECT_EQ(client.interfaces[0].model, NicModel::virtio);
  EXPECT_TRUE(client.interfaces[0].features.empty());
  EXPECT_EQ(parsed(good_file_with("measure = { duration = \"5s\", warmup = 2, capture_limit = \"16MB\", snap_length = "
                                  "256, throughput_floor = 0.25 }",
                                  ""))
                .measure,
            MeasureOptions{});
}

TEST(ParseScenario, ReadsFlows) {
  EXPECT_EQ(parsed(good_file).topology.flows,
            (std::vector<Flow>{{"download", "server", "client", Family::ipv4, false}}));
  EXPECT_TRUE(parsed(good_file_with("df   = false", "")).topology.flows[0].df);
}

TEST(ParseScenario, GivesOutAddressesToRoutersFirstAndSkipsChosenOnes) {
  const Topology topology = parsed(good_file).topology;
  EXPECT_EQ(address(topology, "router", "lan", Family::ipv4), "198.18.1.1");
  EXPECT_EQ(address(topology, "client", "lan", Family::ipv4), "198.18.1.2");
  EXPECT_EQ(address(topology, "client", "lan", Family::ipv6), "none");
  EXPECT_EQ(address(topology, "server", "wan", Family::ipv4), "198.18.2.1");  // chosen
  EXPECT_EQ(address(topology, "router", "wan", Family::ipv4), "198.18.2.2");
  EXPECT_EQ(address(topology, "router", "wan", Family::ipv6), "2001:2:0:2::1");
  EXPECT_EQ(address(topology, "server", "wan", Family::ipv6), "2001:2:0:2::2");
}

TEST(ParseScenario, KeepsTheFileOrderOfAxesAndTheirValues) {
  EXPECT_EQ(parsed(good_file).axes, (std::vector<Axis>{{"router.model", {"vmxnet3", "virtio"}},
                                                       {"hypervisor.lro", {"off", "passthrough"}},
                                                       {"client.mtu", {"1500", "1400"}},
                                                       {"download.df", {"true"}}}));
}

TEST(ParseScenario, ReadsNestedAxesLikeDottedOnesInFileOrder) {
  const auto axes = parsed(good_file_with("\"download.df\"    = [true]",
                                          "router.tso = [\"on\"]\nclient.gro = [\"on\"]\nrouter.wan.gso = [\"off\"]"))
                        .axes;
  ASSERT_EQ(axes.size(), 6U);
  EXPECT_EQ(axes[3].key, "router.tso");
  EXPECT_EQ(axes[4].key, "client.gro");
  EXPECT_EQ(axes[5].key, "router.wan.gso");
}

TEST(ParseScenario, ReadsNamedCases) {
  EXPECT_EQ(parsed(good_file).named_cases,
            (std::vector<NamedCase>{{"hypervisor-lro",
                                     {{"router.lro", "off"}, {"hypervisor.lro", "passthrough"}},
                                     FaultClass::lro_orphan_storm}}));
}

TEST(ParseScenario, ReadsNestedCaseSettingsLikeDottedOnes) {
  const auto cases =
      parsed(good_file_with("set    = { \"router.lro\" = \"off\", \"hypervisor.lro\" = \"passthrough\" }",
                            "set = { router = { wan = { mtu = 9000 }, lro = \"off\" }, client.mtu = 1400 }"))
          .named_cases;
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].set,
            (std::vector<SettingText>{{"router.wan.mtu", "9000"}, {"router.lro", "off"}, {"client.mtu", "1400"}}));
}

TEST(ParseScenario, ACaseNeedsNeitherSettingsNorAnExpectation) {
  const auto cases = parsed(std::string(good_file) + "[[case]]\nname = \"as-it-is\"\n").named_cases;
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[1], (NamedCase{"as-it-is", {}, std::nullopt}));
}

TEST(ParseScenario, NeedsNeitherAxesNorCases) {
  const std::string text(good_file.substr(0, good_file.find("[axes]")));
  const Scenario scenario = parsed(text);
  EXPECT_TRUE(scenario.axes.empty());
  EXPECT_TRUE(scenario.named_cases.empty());
}

TEST(ParseScenario, ReadsQuantitiesAsNumbersToo) {
  const Scenario scenario = parsed(good_file_with("duration = \"5s\", warmup = 2, capture_limit = \"16MB\"",
                                                  "duration = 0.5, warmup = \"500ms\", capture_limit = 1000000"));
  EXPECT_EQ(scenario.measure,
            (MeasureOptions{0.5, 0.5, true, 2, ByteCount{1'000'000}, ByteCount{1'000'000}, 256, 0.25}));
  EXPECT_EQ(find_node(parsed(good_file_with("\"512MiB\"", "1024")).topology, "router")->memory_mib, 1024U);
}

TEST(ParseScenario, ReadsHowLongATransferTakesAndWhatComesBesideIt) {
  const auto with = [](const std::string& keys) {
    return parsed(good_file_with("duration = \"5s\"", "duration = \"5s\", " + keys)).measure;
  };
  EXPECT_FALSE(with("early_stop = false").early_stop);
  EXPECT_EQ(with("rounds = 4").rounds, 4U);
  EXPECT_EQ(with("integrity_bytes = 0").integrity_bytes, ByteCount{0});
  EXPECT_EQ(with("integrity_bytes = \"2MB\"").integrity_bytes, ByteCount{2'000'000});
}

TEST(ParseScenario, AcceptsTheLimitsThemselves) {
  EXPECT_EQ(parsed(good_file_with("mtu  = 9000", "mtu  = 65535")).topology.networks[0].mtu, Mtu{65535});
  EXPECT_EQ(parsed(good_file_with("mtu  = 9000", "mtu  = 68")).topology.networks[0].mtu, Mtu{68});
  EXPECT_EQ(find_node(parsed(good_file_with("\"512MiB\"", "128")).topology, "router")->memory_mib, 128U);
}

TEST(ParseScenario, AcceptsSeveralFlowsAndAnIpv6One) {
  const std::string text = good_file_with("ipv4 = \"198.18.1.0/24\"", "ipv6 = \"2001:2:0:1::/64\"");
  std::string both = text;
  both.replace(both.find("family = \"ipv4\""), 15, "family = \"ipv6\"");
  both += "[[flow]]\nname = \"upload\"\nfrom = \"client\"\nto = \"server\"\nfamily = \"ipv6\"\n";
  const Topology topology = parsed(both).topology;
  ASSERT_EQ(topology.flows.size(), 2U);
  EXPECT_EQ(
      topology.flows[1],
      (Flow{.name = "upload", .from = "client", .to = "server", .family = Family::ipv6, .sender_connects = true}));
  EXPECT_EQ(address(topology, "client", "lan", Family::ipv6), "2001:2:0:1::2");
  EXPECT_EQ(address(topology, "client", "lan", Family::ipv4), "none");
}

}  // namespace
}  // namespace offlab
