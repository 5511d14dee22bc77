// A lab that stays is asked from its folder's copies of the files; what their paths lead to was found at its start.
#include "staying/lab_blueprint.h"

#include <gtest/gtest.h>

#include "plan/live_steps.h"
#include "unit/config/good_file.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

TEST(LabBlueprint, ARunningLabHasTheRecipesOfItsStart) {
  const TempFolder temp;
  write_file(temp.path() / "lab/mine.toml",
             "name = \"mine\"\nsuite = \"bookworm\"\nkernel = \"linux-image-amd64\"\npackages = []\nmodules = []\n"
             "programs = []\ninit = \"exit\"\n");
  write_file(temp.path() / "lab/lab.toml", good_file_with("\"debian-12-lro\"", "\"./mine.toml@6.1.0-47-amd64\""));
  ScenarioOptions options;
  options.file = temp.path() / "lab/lab.toml";
  const LabBlueprint blueprint = make_blueprint(options);
  const RunFolder folder = RunFolder::create(temp.path() / "running");
  keep_files(blueprint.files, folder);
  LabEntry entry;
  entry.case_id = blueprint.case_id;
  entry.plan = blueprint.plan;

  const Topology running = running_topology(entry, temp.path() / "running");

  EXPECT_EQ(find_node(running, "router")->image, std::filesystem::canonical(temp.path() / "lab/mine.toml"));
  EXPECT_EQ(machine_difference(running, load_scenario(options).cases.front().topology), std::nullopt);
}

}  // namespace
}  // namespace offlab
