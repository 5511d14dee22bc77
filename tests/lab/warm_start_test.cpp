// Saved guests: used when they can be, never trusted when they are damaged, and never in the way.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"
#include "libvirt/saved_state.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

const std::string demo_file = source_folder() + "/topologies/demo.toml";

// A cache of the test's own that has the machine's images and libvirt's knowledge of QEMU, so that none is made again.
class WarmStart : public testing::Test {
 protected:
  void SetUp() override {
    const char* named = std::getenv("OFFLAB_CACHE");
    const char* home = std::getenv("HOME");
    const fs::path cache = named != nullptr ? named : std::string(home) + "/.cache/offlab";
    for (const char* part : {"images/debian-12", "libvirt"}) {
      if (!fs::exists(cache / part)) GTEST_SKIP() << "no lab ran yet: there is no " << cache / part;
      fs::create_directories((cache_ / part).parent_path());
      fs::copy(cache / part, cache_ / part, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    }
  }

  std::vector<std::string> environment() const { return {"OFFLAB_CACHE=" + cache_.path().string()}; }

  // Runs the healthy case and expects it to pass; gives the run folder.
  fs::path run(const std::string& name, const std::vector<std::string>& options = {}) {
    const fs::path out = scratch_ / name;
    std::vector<std::string> arguments = {"run", demo_file,    "--case", "fixed",    "--out",
                                          out,   "--duration", "1",      "--warmup", "500ms"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    Program program(arguments, {}, environment());
    EXPECT_EQ(program.wait(seconds(120)), 0) << program.output();
    return out;
  }

  static int restored(const fs::path& run) {
    int count = 0;
    std::ifstream events(run / "events.jsonl");
    for (std::string line; std::getline(events, line);)
      count += line.find("\"restored\":true") != std::string::npos ? 1 : 0;
    return count;
  }

  // Everything below the folder of states that is a folder itself.
  std::vector<fs::path> states() const {
    std::vector<fs::path> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(cache_ / "warm", none))
      if (entry.is_directory()) found.push_back(entry.path());
    return found;
  }

  ScratchFolder cache_;
  ScratchFolder scratch_;
};

TEST_F(WarmStart, TheSecondRunIsRestoredAndFindsTheSameFaults) {
  for (const char* name : {"cold", "warm"}) {
    const fs::path out = scratch_ / name;
    Program program({"verify", demo_file, "--out", out}, {}, environment());
    EXPECT_EQ(program.wait(seconds(150)), 0) << program.output();
    EXPECT_EQ(restored(out), name == std::string("warm") ? 3 : 0) << program.output();
    const auto result = read_json(out / "run.json");
    EXPECT_EQ(find_case(result, "broken")["class"], "lro-orphan-storm") << name;
    EXPECT_EQ(find_case(result, "fixed")["class"], "healthy") << name;
  }
  EXPECT_EQ(states().size(), 3U);
}

TEST_F(WarmStart, ADamagedStateIsReplacedAndTheResultIsRight) {
  run("first");
  const std::vector<fs::path> saved = states();
  ASSERT_EQ(saved.size(), 3U);
  fs::resize_file(saved[0] / "state", fs::file_size(saved[0] / "state") / 2);
  {
    std::fstream file(saved[1] / "state", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(40'000'000);
    file << "not what was saved";
  }
  const fs::path second = run("second");
  EXPECT_EQ(restored(second), 1);
  EXPECT_TRUE(has_event(second, "is damaged")) << read_text(second / "events.jsonl");
  EXPECT_EQ(restored(run("third")), 3);
}

// With a label that fits the file as it is now: whoever can change one can change the other.
void forge_label(const fs::path& saved) {
  const fs::path state = saved / "state";
  auto label = read_json(saved / "state.json");
  label["size"] = fs::file_size(state);
  Program digest({}, {"sh", "-c", "sha256sum < '" + state.string() + "'"});
  ASSERT_EQ(digest.wait(seconds(20)), 0);
  label["sha256"] = digest.output().substr(0, 64);
  std::ofstream(saved / "state.json") << label;
}

// One of each kind: cut, with another program to run, with a label of the wrong types.
TEST_F(WarmStart, StatesThatAreOfNoUseAreReplacedAndTheirProgramIsNotRun) {
  run("first");
  const std::vector<fs::path> saved = states();
  ASSERT_EQ(saved.size(), 3U);
  fs::resize_file(saved[0] / "state", fs::file_size(saved[0] / "state") / 2);
  forge_label(saved[0]);
  const fs::path evil = scratch_ / "emulator";
  std::ofstream(evil) << "#!/bin/sh\nid > '" << (scratch_ / "ran").string() << "'\nexec qemu-system-x86_64 \"$@\"\n";
  fs::permissions(evil, fs::perms::owner_all);
  std::string xml = saved_description(saved[1] / "state");
  xml.insert(xml.find("<devices>") + 9, "<emulator>" + evil.string() + "</emulator>");
  replace_saved_description(saved[1] / "state", xml);
  forge_label(saved[1]);
  auto label = read_json(saved[2] / "state.json");
  label["size"] = "large";
  label["node"] = {1, 2};
  std::ofstream(saved[2] / "state.json") << label;
  const fs::path second = run("second");
  EXPECT_EQ(restored(second), 0);
  EXPECT_FALSE(fs::exists(scratch_ / "ran")) << read_text(scratch_ / "ran");
  EXPECT_TRUE(has_event(second, "is of no use")) << read_text(second / "events.jsonl");
  EXPECT_TRUE(has_event(second, "another description than offlab's")) << read_text(second / "events.jsonl");
  EXPECT_TRUE(has_event(second, "is damaged")) << read_text(second / "events.jsonl");
  EXPECT_EQ(restored(run("third")), 3);
}

TEST_F(WarmStart, AColdRunNeitherSavesNorRestores) {
  EXPECT_EQ(restored(run("cold", {"--cold"})), 0);
  EXPECT_TRUE(states().empty());
  run("saving");
  EXPECT_EQ(restored(run("cold-again", {"--cold"})), 0);
}

TEST_F(WarmStart, SigkillDuringTheSavingLeavesATemporaryThatTheNextRunRemoves) {
  const auto is_saving = [&] {
    for (const fs::path& one : states())
      if (one.extension() == ".saving" && fs::exists(one / "state")) return true;
    return false;
  };
  {
    Program program({"run", demo_file, "--case", "fixed", "--out", scratch_ / "killed"}, {}, environment());
    ASSERT_TRUE(program.until(seconds(90), is_saving)) << program.output();
    const std::vector<pid_t> processes = program.descendants();
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait(seconds(5)), 128 + SIGKILL);
    EXPECT_TRUE(survivors(processes).empty());
  }
  EXPECT_TRUE(is_saving());
  run("next");
  EXPECT_FALSE(is_saving());
  EXPECT_EQ(states().size(), 3U);
}

}  // namespace
}  // namespace offlab::test
