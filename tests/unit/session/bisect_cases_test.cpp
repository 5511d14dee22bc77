// Which settings of two cases are searched, and the cases that answer.
#include <gtest/gtest.h>

#include "base/usage_error.h"
#include "session/bisect_session.h"
#include "unit/plan/shipped_scenarios.h"

namespace offlab {
namespace {

LoadedScenario loaded() {
  LoadedScenario all;
  all.scenario = bare_scenario("vmxnet3-router");
  all.scenario.named_cases = {
      {"bad", {{"router.lro", "off"}, {"lan.mtu", "1400"}, {"hypervisor.lro", "passthrough"}}, std::nullopt},
      {"good", {{"router.lro", "on"}, {"lan.mtu", "1400"}, {"download.df", "false"}}, std::nullopt}};
  all.cases = expand_matrix(all.scenario, {}).cases;
  return all;
}

std::string refused(const BisectOptions& options) {
  try {
    BisectCases(loaded(), options);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(BisectCases, SearchWhatTheBadCaseSetsWithoutAGoodOne) {
  const BisectCases cases(loaded(), {.bad = "bad"});
  EXPECT_EQ(cases.question().searched,
            (std::vector<std::string>{"router.lro=off", "lan.mtu=1400", "hypervisor.lro=passthrough"}));
  const Case one = cases.with_settings(4);
  EXPECT_EQ(one.id, "hypervisor.lro=passthrough");
  EXPECT_EQ(one.axes, (SettingTexts{{"hypervisor.lro", "passthrough"}}));
  EXPECT_EQ(find_network(one.topology, "lan")->mtu, Mtu{1500});
  EXPECT_EQ(cases.with_settings(0).topology, loaded().scenario.topology);
  EXPECT_EQ(cases.with_settings(0).id, "none-of-the-settings");
  EXPECT_EQ(cases.with_settings(7).topology, loaded().cases[0].topology);
}

TEST(BisectCases, SearchOnlyThatInWhichTheTwoDiffer) {
  const BisectCases cases(loaded(), {.bad = "bad", .good = "good"});
  EXPECT_EQ(cases.question().searched,
            (std::vector<std::string>{"router.lro=off", "hypervisor.lro=passthrough", "without download.df=false"}));
  EXPECT_EQ(cases.with_settings(0).topology, loaded().cases[1].topology);
  EXPECT_EQ(cases.with_settings(0).id, "good");
  EXPECT_EQ(cases.with_settings(7).topology, loaded().cases[0].topology);
}

TEST(BisectCases, HaveAVersionEach) {
  const BisectCases cases(loaded(), {.bad = "bad", .over = "router.kernel=6.1.0-1-amd64,6.1.0-2-amd64"});
  EXPECT_TRUE(cases.is_over_versions());
  EXPECT_EQ(cases.question().searched.back(), "router.kernel=6.1.0-2-amd64");
  EXPECT_EQ(find_node(cases.with_version(0).topology, "router")->kernel, "6.1.0-1-amd64");
  EXPECT_EQ(cases.with_version(1).axes.size(), 4U);
}

TEST(BisectCases, RefuseWhatCannotBeSearched) {
  EXPECT_EQ(refused({.bad = "none"}),
            "error: --bad none: no case has this id (the ids are shown by 'offlab plan FILE')\n");
  EXPECT_EQ(refused({.bad = "bad", .good = "bad"}), "error: the bad and the good case do not differ\n");
  EXPECT_EQ(
      refused({.bad = "bad", .over = "router.kernel=6.1.0-1-amd64"}),
      "error: --over router.kernel=6.1.0-1-amd64 is not KEY=GOOD,...,BAD: at least two versions in their order\n");
}

}  // namespace
}  // namespace offlab
