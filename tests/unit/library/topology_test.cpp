// A topology that is built in C++ is the file that the program reads.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <offlab/topology.h>

#include "unit/library/inner_side.h"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;

offlab::Topology router() {
  offlab::Topology lab;
  lab.name = "built";
  lab.networks = {{"wan", "198.18.2.0/24"}, {"lan", "198.18.1.0/24", "2001:2:0:1::/64", 1400, "100mbit", "10ms"}};
  lab.nodes = {{"router", "router", {{"lan", "vmxnet3"}, {"wan", "vmxnet3", 1500, {{"gro", "off"}}}}},
               {"client", "client", {{"lan"}}},
               {"server", "server", {{"wan"}}}};
  lab.flows = {{"download", "server", "client"}};
  return lab;
}

TEST(BuiltTopology, IsReadByTheProgramWithoutAMistake) {
  offlab::Topology lab = router();
  lab.nodes.front().boot = {"sysctl -w net.core.default_qdisc=fq"};
  lab.nodes.front().setup = {"echo \"quoted\" '''and more'''"};
  lab.nodes.front().memory_mib = 256;
  lab.measure = {"2s", "500ms", 3};
  EXPECT_EQ(inner_side::mistakes_in(lab.toml()), "") << lab.toml();
}

TEST(BuiltTopology, HasItsCasesAndAxes) {
  offlab::Topology lab = router();
  lab.axes = {{"router.lro", {"on", "off"}}};
  lab.cases = {{"small", {{"lan.mtu", "1280"}, {"router.lro", "off"}}, "wrong-gso-size"}};
  EXPECT_EQ(inner_side::mistakes_in(lab.toml()), "") << lab.toml();
  EXPECT_THAT(inner_side::case_ids_of(lab.toml()), ElementsAre("router.lro=on", "router.lro=off", "small"));
  EXPECT_THAT(inner_side::features_of_router_in(lab.toml(), "small"), HasSubstr("large-receive-offload=off"));
}

TEST(BuiltTopology, MistakesInItAreTheProgramsToTell) {
  offlab::Topology lab = router();
  lab.flows.front().to = "nobody";
  EXPECT_THAT(inner_side::mistakes_in(lab.toml()), HasSubstr("nobody"));
}

TEST(BuiltTopology, ExtendsAFileByItsAbsolutePath) {
  offlab::Topology lab;
  lab.file = "some/router-test.toml";
  EXPECT_THAT(lab.toml(), HasSubstr("name = 'router-test'"));
  EXPECT_THAT(lab.toml(), HasSubstr(std::filesystem::current_path().string() + "/some/router-test.toml"));
}

TEST(Settings, AreShownAsTheIdOfACase) {
  EXPECT_EQ((offlab::Settings{{"router.lro", "off"}, {"lan.mtu", "1400"}}).text(), "router.lro=off,lan.mtu=1400");
  EXPECT_EQ(offlab::Settings().text(), "");
}

TEST(Settings, OfAxesAreEveryCombinationTheFirstVaryingSlowest) {
  const auto rows = offlab::combinations({{"a", {"1", "2"}}, {"b", {"x", "y"}}});
  EXPECT_THAT(rows, ElementsAre(offlab::Settings{{"a", "1"}, {"b", "x"}}, offlab::Settings{{"a", "1"}, {"b", "y"}},
                                offlab::Settings{{"a", "2"}, {"b", "x"}}, offlab::Settings{{"a", "2"}, {"b", "y"}}));
  EXPECT_THAT(offlab::combinations({}), ElementsAre(offlab::Settings()));
  EXPECT_TRUE(offlab::combinations({{"a", {}}}).empty()) << "an axis without a value has no combination";
}

}  // namespace
