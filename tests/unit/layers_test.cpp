// harness/LAYERS is the architecture: a folder includes only what its line allows.
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

const fs::path harness = fs::path(OFFLAB_SOURCE_DIR) / "harness";

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

// The folders that a source file includes from.
std::set<std::string> included_folders(const fs::path& file) {
  static const std::regex include("^#include \"([a-z]+)/[^\"]+\"");
  std::set<std::string> folders;
  std::ifstream stream(file);
  std::smatch match;
  for (std::string line; std::getline(stream, line);)
    if (std::regex_search(line, match, include)) folders.insert(match[1]);
  return folders;
}

TEST(Layers, EveryFolderIncludesOnlyWhatItsLineAllows) {
  const auto layers = read_layers();
  std::size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(harness)) {
    if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
    ++files;
    const std::string folder = *fs::relative(entry.path(), harness).begin();
    ASSERT_TRUE(layers.count(folder)) << folder << " has no line in LAYERS";
    for (const std::string& included : included_folders(entry.path()))
      EXPECT_TRUE(included == folder || layers.at(folder).count(included))
          << fs::relative(entry.path(), harness) << " includes from " << included << ", which LAYERS does not allow";
  }
  EXPECT_GT(files, 50U);
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
  for (const std::string& adapter : adapters) EXPECT_EQ(layers.at(adapter).count("lab"), 0U) << adapter;
  for (const auto& [folder, allowed] : layers)
    for (const std::string& adapter : adapters)
      EXPECT_TRUE(folder == "cli" || folder == adapter || allowed.count(adapter) == 0)
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
