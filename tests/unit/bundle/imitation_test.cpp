// Labs that imitate a router of which only captures are known.
#include "bundle/imitation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/parse_scenario.h"
#include "plan/expand_matrix.h"

namespace offlab {
namespace {

using testing::HasSubstr;

Case imitated(const SeenRouter& router) {
  const std::string text = imitation_file(router);
  const ParsedScenario parsed = parse_scenario(text, "topology.toml");
  EXPECT_TRUE(parsed.scenario) << parsed.diagnostics.front().message << "\n" << text;
  return expand_matrix(*parsed.scenario, {}).cases.at(0);
}

const Interface& towards(const Case& one, const char* network) {
  return *find_interface(*find_node(one.topology, "router"), network);
}

TEST(Imitation, AStormWithLroOffComesFromTheHypervisor) {
  const Case one = imitated({.name = "seen", .fault_class = FaultClass::lro_orphan_storm, .lro = false});
  EXPECT_TRUE(has_hypervisor_lro(one.topology));
  EXPECT_EQ(one.expect, Expectation(FaultClass::lro_orphan_storm));
}

TEST(Imitation, AStormWithLroOnComesFromTheGuest) {
  const Case one =
      imitated({.name = "seen", .fault_class = FaultClass::lro_orphan_storm, .ingress_mtu = {9000}, .lro = true});
  EXPECT_FALSE(has_hypervisor_lro(one.topology));
  EXPECT_EQ(effective_mtu(one.topology, towards(one, "wan")), Mtu{9000});
}

TEST(Imitation, AWrongGuessNeedsANarrowerWayOut) {
  const Case one = imitated({.name = "seen", .fault_class = FaultClass::wrong_gso_size, .lro = true});
  EXPECT_LT(effective_mtu(one.topology, towards(one, "lan")), effective_mtu(one.topology, towards(one, "wan")));
}

TEST(Imitation, HasTheFamilyTheDfAndTheSegmentOfTheCaptures) {
  const Case one = imitated({.name = "seen",
                             .fault_class = FaultClass::resegmentation,
                             .ipv6 = true,
                             .lro = true,
                             .sends_df = true,
                             .announced_segment = 536});
  EXPECT_EQ(one.topology.flows.at(0).family, Family::ipv6);
  EXPECT_THAT(find_node(one.topology, "client")->setup.at(0), HasSubstr("advmss 536"));
  const Case plain = imitated({.name = "seen", .fault_class = FaultClass::silent_refragmentation, .sends_df = false});
  EXPECT_FALSE(plain.topology.flows.at(0).df);
}

TEST(Imitation, OfWhatNoCaptureShowsThereIsNone) {
  EXPECT_EQ(trouble_with_imitation(FaultClass::lro_orphan_storm), "");
  EXPECT_THAT(trouble_with_imitation(FaultClass::packet_loss), HasSubstr("is not in a capture"));
}

}  // namespace
}  // namespace offlab
