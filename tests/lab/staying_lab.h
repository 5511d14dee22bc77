// Labs that stay, in a cache of a test's own that has the machine's images.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {

inline const std::string topologies = source_folder() + "/topologies/";
inline const std::string demo_file = topologies + "demo.toml";

inline std::filesystem::path shared_cache() {
  if (const char* cache = std::getenv("OFFLAB_CACHE")) return cache;
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home == nullptr ? "/root" : home) / ".cache/offlab";
}

struct Answer {
  int status;
  std::string output;
};

// Labs in a cache of the test's own, all ended with it.
class StayingLab : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared_cache() / "images"))
      GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
    std::filesystem::copy(shared_cache() / "images", cache_ / "images",
                          std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks);
    before_ = host_state();
  }

  void TearDown() override {
    if (std::filesystem::exists(cache_ / "labs")) ask({"down", "--all"});
  }

  std::vector<std::string> environment() const { return {"OFFLAB_CACHE=" + cache_.path().string()}; }

  Answer ask(const std::vector<std::string>& arguments, int limit = 60) const {
    Program program(arguments, {}, environment());
    const auto status = program.wait(std::chrono::seconds(limit));
    return {status.value_or(-1), program.output()};
  }

  void up(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"up", demo_file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Answer answer = ask(arguments, 120);
    ASSERT_EQ(answer.status, 0) << answer.output;
  }

  std::string in_guest(const std::string& node, const std::string& command) const {
    return ask({"exec", node, command}).output;
  }

  pid_t supervisor_of(const std::string& lab) const {
    return read_json(cache_ / ("labs/" + lab + "/lab.json")).value("supervisor", -1);
  }

  std::vector<pid_t> processes_of(const std::string& lab) const {
    std::vector<pid_t> all = descendants_of(supervisor_of(lab));
    EXPECT_GE(all.size(), 5U);  // init, worker, three guests
    all.push_back(supervisor_of(lab));
    return all;
  }

  ScratchFolder cache_;
  std::string before_;
};

}  // namespace offlab::test
