// The two arms of a gate.
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "base/usage_error.h"
#include "session/gate_session.h"
#include "unit/plan/shipped_scenarios.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

const std::string digest = "27a0882ddefeb5e5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

LoadedScenario loaded() {
  ScenarioOptions options;
  options.file = source_folder() + "/topologies/vmxnet3-router.toml";
  options.cases = {"control-lro-off"};
  return load_scenario(options);
}

GateOptions against(const std::string& run) {
  GateOptions options;
  options.baseline_run = run;
  return options;
}

class GateCases : public testing::Test {
 protected:
  // The folder of a run that recorded the shipped file.
  std::string run_with(const std::map<std::string, std::string>& image) const {
    const RunFolder folder = RunFolder::create(temp_.path() / "run");
    const LoadedScenario then = loaded();
    folder.write_plan(make_plan(then.scenario, then.cases, Question::healthy, {}));
    keep_files(then.files, folder);
    Environment environment;
    environment.image = image;
    folder.write_environment(environment);
    return folder.path();
  }
  static std::string refused(const LoadedScenario& scenario, const GateOptions& options) {
    try {
      gate_cases(scenario, options);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "";
  }

  TempFolder temp_;
};

TEST_F(GateCases, PutTheArmsSettingsOverThoseOfTheCase) {
  GateOptions options;
  options.baseline = "lan.mtu=1400";
  options.candidate = "router.lro=on";
  const auto cases = gate_cases(loaded(), options);
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].baseline_words, "lan.mtu=1400");
  EXPECT_EQ(find_network(cases[0].baseline.topology, "lan")->mtu, Mtu{1400});
  EXPECT_EQ(find_network(cases[0].candidate.topology, "lan")->mtu, Mtu{1500});
  EXPECT_EQ(cases[0].baseline.id, "baseline");
  EXPECT_EQ(cases[0].candidate.axes, (SettingTexts{{"router.lro", "off"}, {"router.lro", "on"}}));
}

TEST_F(GateCases, TakeTheImagesOfARun) {
  const std::string run = run_with({{"name", "debian-12"}, {"digest", digest}});
  const auto cases = gate_cases(loaded(), against(run));
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].baseline_words, "the run run");
  EXPECT_EQ(find_node(cases[0].baseline.topology, "router")->image, "debian-12#27a0882ddefeb5e5");
  EXPECT_EQ(find_node(cases[0].baseline.topology, "server")->image, "debian-12#27a0882ddefeb5e5");
  EXPECT_EQ(find_node(cases[0].candidate.topology, "router")->image, "debian-12");
}

TEST_F(GateCases, TakeEachOfSeveralImages) {
  const std::string run = run_with({{"debian-12.digest", digest}, {"other.digest", "0000000000000000"}});
  EXPECT_EQ(find_node(gate_cases(loaded(), against(run))[0].baseline.topology, "router")->image,
            "debian-12#27a0882ddefeb5e5");
}

TEST_F(GateCases, TellImagesOfOneRecipeApart) {
  for (const char* program : {"offlab-state", "offlab-background"}) std::ofstream(temp_.path() / program) << "x";
  setenv("OFFLAB_DATA", temp_.path().c_str(), 1);
  const std::string path = std::filesystem::canonical(temp_.path()) / "mine.toml";
  std::filesystem::copy_file(source_folder() + "/guest-images/debian-12.toml", path);
  LoadedScenario with_path = loaded();
  find_node(with_path.cases[0].topology, "router")->image = path;
  const RunFolder folder(run_with({{"debian-12.digest", "1111111111111111"},
                                   {"mine-1234#0000000000000000.recipe", path},
                                   {"mine-1234#0000000000000000.digest", "0000000000000000"},
                                   {"mine-1234.recipe", path},
                                   {"mine-1234.digest", digest},
                                   {"mine-1234@6.1.0.recipe", path},
                                   {"mine-1234@6.1.0.digest", "2222222222222222"}}));
  folder.write_plan(make_plan(with_path.scenario, with_path.cases, Question::healthy, {}));
  const auto cases = gate_cases(loaded(), against(folder.path()));
  unsetenv("OFFLAB_DATA");
  EXPECT_EQ(find_node(cases[0].baseline.topology, "server")->image, "debian-12#1111111111111111");
  EXPECT_EQ(cases[0].baseline.topology.nodes[0].image, path + "#27a0882ddefeb5e5");
}

TEST_F(GateCases, RefuseARunThatCannotBeAnArm) {
  const std::string run = run_with({{"digest", digest}});
  LoadedScenario other = loaded();
  other.cases[0].id = "renamed";
  EXPECT_EQ(refused(other, against(run)),
            "error: --baseline-run " + run + ": that run's topology file has no case 'renamed'\n");
  other.cases[0].id = "control-lro-on";
  EXPECT_EQ(refused(other, against(run)),
            "error: --baseline-run " + run + ": that run did not have the case 'control-lro-on'\n");
}

TEST_F(GateCases, RefuseARunThatDoesNotSayWhatItBooted) {
  const std::string run = run_with({});
  EXPECT_EQ(refused(loaded(), against(run)),
            "error: --baseline-run " + run + ": it does not say which image router booted\n");
}

TEST_F(GateCases, RefuseArmsThatAreTheSame) {
  EXPECT_EQ(refused(loaded(), {}).substr(0, 42), "error: nothing says what the candidate is\n");
}

}  // namespace
}  // namespace offlab
