// SIGKILL at random moments, and a full disk: nothing is left, and the next run works.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Of each kind; ci/soak.sh asks for more.
int kills() {
  const char* text = std::getenv("OFFLAB_KILLS");
  return text == nullptr ? 4 : std::atoi(text);
}

const std::string demo_file = std::string(OFFLAB_SOURCE_DIR) + "/topologies/demo.toml";

fs::path shared_cache() {
  if (const char* cache = std::getenv("OFFLAB_CACHE")) return cache;
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "/root" : home) / ".cache/offlab";
}

// A cache of the test's own, with the stock image.
class KillCampaign : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(shared_cache() / "images"))
      GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
    fs::create_directories(cache_ / "images");
    fs::copy(shared_cache() / "images/debian-12", cache_ / "images/debian-12",
             fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    random_.seed(std::random_device()());
    before_ = host_state();
  }

  std::vector<std::string> environment() const { return {"OFFLAB_CACHE=" + cache_.path().string()}; }

  milliseconds random_moment(int longest) { return milliseconds(random_() % static_cast<unsigned>(longest)); }

  void expect_nothing_left(const std::vector<pid_t>& processes, const std::string& when) {
    EXPECT_TRUE(survivors(processes).empty()) << when << ": processes are left";
    EXPECT_EQ(host_state(), before_) << when;
  }

  void expect_the_next_run_to_work(const fs::path& out) {
    Program program({"run", demo_file, "--case", "fixed", "--duration", "1", "--out", out}, {}, environment());
    EXPECT_EQ(program.wait(seconds(90)), 0) << program.output();
  }

  ScratchFolder cache_;
  std::mt19937 random_;
  std::string before_;
};

TEST_F(KillCampaign, RunsKilledAtRandomMomentsLeaveNothing) {
  const ScratchFolder scratch;
  for (int number = 0; number < kills(); ++number) {
    const milliseconds moment = random_moment(number == 0 ? 14'000 : 7'000);  // the first one boots and saves
    const std::string when = "run " + std::to_string(number) + ", after " + std::to_string(moment.count()) + " ms";
    std::vector<pid_t> processes;
    {
      Program program({"run", demo_file, "--case", "broken", "--duration", "4", "--out",
                       scratch / ("run-" + std::to_string(number))},
                      {}, environment());
      const auto end = std::chrono::steady_clock::now() + moment;
      program.until(seconds(20), [&] { return std::chrono::steady_clock::now() >= end; });
      processes = program.descendants();
      program.signal(SIGKILL);
      EXPECT_EQ(program.wait(seconds(5)), 128 + SIGKILL) << when << program.output();
    }
    expect_nothing_left(processes, when);
    if (HasFailure()) return;
  }
  expect_the_next_run_to_work(scratch / "last");
}

// The supervisor of the only lab, -1 when there is none yet.
pid_t supervisor_in(const fs::path& cache) {
  if (!fs::exists(cache / "labs")) return -1;
  for (const auto& entry : fs::directory_iterator(cache / "labs")) {
    std::ifstream file(entry.path() / "lab.json");
    const auto lab = nlohmann::json::parse(file, nullptr, false);
    if (lab.is_object() && lab.contains("supervisor")) return lab["supervisor"].get<pid_t>();
  }
  return -1;
}

TEST_F(KillCampaign, LabsThatStayKilledAtRandomMomentsLeaveNothing) {
  const ScratchFolder scratch;
  for (int number = 0; number < kills(); ++number) {
    const milliseconds moment = random_moment(number == 0 ? 14'000 : 6'000);
    const std::string when = "up " + std::to_string(number) + ", after " + std::to_string(moment.count()) + " ms";
    Program program({"up", demo_file, "--name", "victim"}, {}, environment());
    // `up` may end before, when the lab is ready; the lab goes on without it.
    std::this_thread::sleep_for(moment);
    std::vector<pid_t> processes = program.descendants();
    const pid_t supervisor = supervisor_in(cache_.path());
    if (supervisor > 0) {
      for (const pid_t one : descendants_of(supervisor)) processes.push_back(one);
      kill(supervisor, SIGKILL);
    }
    program.signal(SIGKILL);
    program.wait(seconds(5));
    expect_nothing_left(processes, when);
    Program gc({"gc"}, {}, environment());
    EXPECT_EQ(gc.wait(seconds(20)), 0) << when << gc.output();
    EXPECT_EQ(supervisor_in(cache_.path()), -1) << when;
    if (HasFailure()) return;
  }
  expect_the_next_run_to_work(scratch / "last");
}

// The run folder is on a small tmpfs that is filled up once traffic flows.
TEST_F(KillCampaign, AFullDiskDuringTheCaptureIsAnErrorThatSaysSo) {
  const ScratchFolder scratch;
  const std::string disk = scratch / "disk";
  fs::create_directories(disk);
  std::ofstream(scratch / "small.toml") << "extend = \"" << demo_file << "\"\n[measure]\ncapture_limit = \"8MB\"\n";
  const std::string fill = "mount -t tmpfs -o size=120m none " + disk + " && (until grep -qs transfer-progress " +
                           disk + "/run/events.jsonl; do kill -0 $$ || exit 0; done; dd if=/dev/zero of=" + disk +
                           "/fill bs=64k 2>/dev/null; exit 0) & until grep -qs " + disk +
                           " /proc/self/mounts; do :; done; exec \"$@\"";
  Program program({"run", scratch / "small.toml", "--case", "broken", "--duration", "6", "--out", disk + "/run"},
                  {"unshare", "--mount", "sh", "-c", fill, "sh"}, environment());
  EXPECT_EQ(program.wait(seconds(120)), 3) << program.output();
  EXPECT_NE(program.output().find("No space left"), std::string::npos) << program.output();
  EXPECT_EQ(host_state(), before_);
  expect_the_next_run_to_work(scratch / "last");
}

}  // namespace
}  // namespace offlab::test
