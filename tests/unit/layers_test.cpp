// harness/LAYERS is the architecture: a folder includes only what its line allows.
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "folders.h"

namespace {

namespace fs = std::filesystem;

const fs::path harness = fs::path(offlab::source_folder()) / "harness";

std::map<std::string, std::set<std::string>> read_layers() {
  std::map<std::string, std::set<std::string>> layers;
  std::ifstream file(harness / "LAYERS");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (line.empty() || line[0] == '#' || colon == std::string::npos) continue;
    std::istringstream words(line.substr(colon + 1));
    auto& allowed = layers[line.substr(0, colon)];
    for (std::string word; words >> word;) allowed.insert(word);
  }
  return layers;
}

// What a file includes of ours: "model/leg.h".
const std::vector<std::string>& includes_of(const fs::path& file) {
  static std::map<fs::path, std::vector<std::string>> read;
  const auto [known, fresh] = read.try_emplace(file);
  if (!fresh) return known->second;
  const std::string begin = "#include \"";
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);)
    if (line.rfind(begin, 0) == 0 && line.find('/') != std::string::npos)
      known->second.push_back(line.substr(begin.size(), line.rfind('"') - begin.size()));
  return known->second;
}

// Every header that comes with `file`, through other headers as well, and one that brings it.
std::map<std::string, std::string> reached_from(const fs::path& file) {
  std::map<std::string, std::string> reached;
  std::vector<fs::path> left = {fs::relative(file, harness)};
  while (!left.empty()) {
    const fs::path one = left.back();
    left.pop_back();
    for (const std::string& header : includes_of(harness / one))
      if (reached.emplace(header, one.string()).second) left.emplace_back(header);
  }
  return reached;
}

TEST(Layers, EveryRoomReachesOnlyWhatItsLineAllows) {
  const auto layers = read_layers();
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(harness)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
    ++files;
    const std::string room = *fs::relative(entry.path(), harness).begin();
    ASSERT_TRUE(layers.count(room)) << room << " has no line in LAYERS";
    for (const auto& [header, through] : reached_from(entry.path())) {
      const std::string other = *fs::path(header).begin();
      EXPECT_TRUE(other == room || layers.at(room).count(other))
          << fs::relative(entry.path(), harness) << " reaches " << header << " through " << through
          << ", and LAYERS does not allow " << room << " to know " << other;
    }
  }
  EXPECT_GT(files, 50U);
}

TEST(Layers, EveryFolderWithSourcesIsARoom) {
  const auto layers = read_layers();
  for (const auto& entry : fs::directory_iterator(harness))
    EXPECT_TRUE(!entry.is_directory() || layers.count(entry.path().filename())) << entry.path();
}

TEST(Layers, EveryLineNamesFoldersThatExist) {
  for (const auto& [folder, allowed] : read_layers()) {
    EXPECT_TRUE(fs::is_directory(harness / folder)) << folder;
    for (const std::string& other : allowed) EXPECT_TRUE(fs::is_directory(harness / other)) << other;
  }
}

TEST(Layers, StagesDoNotKnowEachOtherAndAdaptersDoNotKnowTheLab) {
  const auto layers = read_layers();
  const std::set<std::string> stages = {"config", "plan", "measure", "verdict", "report"};
  for (const std::string& stage : stages)
    for (const std::string& other : stages)
      EXPECT_TRUE(stage == other || layers.at(stage).count(other) == 0) << stage << " knows " << other;
  const std::set<std::string> adapters = {"libvirt", "ssh", "host"};
  const std::set<std::string> wiring = {"cli", "worker", "staying"};
  for (const std::string& adapter : adapters) EXPECT_EQ(layers.at(adapter).count("lab"), 0U) << adapter;
  for (const auto& [folder, allowed] : layers)
    for (const std::string& adapter : adapters)
      EXPECT_TRUE(wiring.count(folder) || folder == adapter || allowed.count(adapter) == 0)
          << folder << " knows " << adapter;
}

TEST(Layers, ThereIsNoCycle) {
  auto layers = read_layers();
  while (!layers.empty()) {
    std::set<std::string> ready;
    for (const auto& [folder, allowed] : layers) {
      bool free = true;
      for (const std::string& other : allowed) free = free && (other == folder || layers.count(other) == 0);
      if (free) ready.insert(folder);
    }
    ASSERT_FALSE(ready.empty()) << "the folders that are left depend on each other";
    for (const std::string& folder : ready) layers.erase(folder);
  }
}

}  // namespace
