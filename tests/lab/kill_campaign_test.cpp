// SIGKILL at random moments, and a full disk: nothing is left, and the next run works.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "folders.h"
#include "lab/ordinary_user.h"
#include "lab/staying_lab.h"

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

// A cache with the stock image, of the test's own: root's, or an ordinary user's.
class KillCampaign : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to become an ordinary user";
    if (!fs::exists(shared_cache() / "images"))
      GTEST_SKIP() << "no guest image in the cache (offlab image build debian-12)";
    place_ = std::make_unique<OrdinaryUserPlace>(shared_cache());
    fs::create_directories(own_ / "cache/images");
    if (as_root())
      fs::copy(shared_cache() / "images/debian-12", own_ / "cache/images/debian-12",
               fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    random_.seed(std::random_device()());
    before_ = host_state();
  }

  static bool as_root() { return GetParam(); }
  fs::path folder() const { return as_root() ? own_.path() : place_->folder(); }
  fs::path cache() const { return folder() / "cache"; }
  std::unique_ptr<Program> start(const std::vector<std::string>& arguments) const {
    if (as_root())
      return std::make_unique<Program>(arguments, std::vector<std::string>(),
                                       std::vector<std::string>{"OFFLAB_CACHE=" + cache().string()});
    return std::make_unique<Program>(arguments, place_->prefix(), place_->environment());
  }
  void expect_success(const std::vector<std::string>& arguments, const std::string& when = "") const {
    const auto program = start(arguments);
    EXPECT_EQ(program->wait(seconds(120)), 0) << when << program->output();
  }

  milliseconds random_moment(int longest) { return milliseconds(random_() % static_cast<unsigned>(longest)); }

  // Starts the program, kills it at a random moment, and looks at what is left.
  void kill_one(const std::vector<std::string>& arguments, int longest, const std::string& what) {
    const milliseconds moment = random_moment(longest);
    const std::string when = what + ", after " + std::to_string(moment.count()) + " ms";
    const auto program = start(arguments);
    const auto end = std::chrono::steady_clock::now() + moment;
    program->until(seconds(60), [&] { return std::chrono::steady_clock::now() >= end; });
    const std::vector<pid_t> processes = program->descendants();
    program->signal(SIGKILL);
    EXPECT_TRUE(program->wait(seconds(5))) << when << program->output();
    expect_nothing_left(processes, when);
  }

  void expect_nothing_left(const std::vector<pid_t>& processes, const std::string& when) {
    EXPECT_TRUE(survivors(processes).empty()) << when << ": processes are left";
    EXPECT_EQ(host_state(), before_) << when;
  }

  void expect_the_next_run_to_work() const {
    expect_success({"run", demo_file, "--case", "fixed", "--duration", "1", "--out", folder() / "last"});
  }
  void expect_nothing_to_collect(const std::string& when) const {
    expect_success({"gc"}, when);
    const auto again = start({"gc"});
    EXPECT_EQ(again->wait(seconds(20)), 0) << when;
    EXPECT_NE(again->output().find("nothing was left behind"), std::string::npos) << when << again->output();
  }

  std::unique_ptr<OrdinaryUserPlace> place_;
  ScratchFolder own_;
  std::mt19937 random_;
  std::string before_;
};

INSTANTIATE_TEST_SUITE_P(Users, KillCampaign, testing::Bool(),
                         [](const auto& instance) { return instance.param ? "Root" : "OrdinaryUser"; });

TEST_P(KillCampaign, RunsKilledAtRandomMomentsLeaveNothing) {
  for (int number = 0; number < kills() && !HasFailure(); ++number)
    kill_one({"run", demo_file, "--case", "broken", "--duration", "4", "--out",
              folder() / ("run-" + std::to_string(number))},
             number == 0 ? 14'000 : 7'000,  // the first one boots and saves
             "run " + std::to_string(number));
  expect_nothing_to_collect("runs");
  expect_the_next_run_to_work();
}

TEST_P(KillCampaign, ImageBuildsKilledAtRandomMomentsLeaveNothing) {
  fs::remove_all(cache() / "images");
  for (int number = 0; number < kills() && !HasFailure(); ++number) {
    const std::string what = "image build " + std::to_string(number);
    kill_one({"image", "build", "debian-12"}, 13'000, what);
    expect_nothing_to_collect(what);
    for (const auto& entry : fs::recursive_directory_iterator(cache() / "images")) {
      EXPECT_NE(entry.path().filename(), "building") << what;
      EXPECT_NE(entry.path().filename().string().rfind("mmdebstrap.", 0), 0U) << what << entry.path();
    }
  }
  expect_success({"image", "build", "debian-12"});
  expect_the_next_run_to_work();
}

TEST_P(KillCampaign, JudgesKilledAtRandomMomentsLeaveTheFolderAsItIs) {
  const fs::path run = folder() / "run";
  fs::copy(fs::path(tests_folder()) / "data/recorded-run", run, fs::copy_options::recursive);
  if (!as_root()) place_->give(run);
  for (int number = 0; number < kills() && !HasFailure(); ++number)
    kill_one({"judge", run}, 120, "judge " + std::to_string(number));
  const auto program = start({"judge", run});
  EXPECT_EQ(program->wait(seconds(20)), 1) << program->output();  // it recorded faults
  EXPECT_EQ(read_json(run / "run.json")["outcome"], "fail");
  for (const auto& entry : fs::recursive_directory_iterator(run)) EXPECT_NE(entry.path().extension(), ".new");
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

TEST_P(KillCampaign, LabsThatStayKilledAtRandomMomentsLeaveNothing) {
  for (int number = 0; number < kills() && !HasFailure(); ++number) {
    const milliseconds moment = random_moment(number == 0 ? 14'000 : 6'000);
    const std::string when = "up " + std::to_string(number) + ", after " + std::to_string(moment.count()) + " ms";
    const auto program = start({"up", demo_file, "--name", "victim"});
    // `up` may end before, when the lab is ready; the lab goes on without it.
    std::this_thread::sleep_for(moment);
    std::vector<pid_t> processes = program->descendants();
    const pid_t supervisor = supervisor_in(cache());
    if (supervisor > 0) {
      for (const pid_t one : descendants_of(supervisor)) processes.push_back(one);
      kill(supervisor, SIGKILL);
    }
    program->signal(SIGKILL);
    program->wait(seconds(5));
    expect_nothing_left(processes, when);
    expect_nothing_to_collect(when);
    EXPECT_EQ(supervisor_in(cache()), -1) << when;
  }
  expect_the_next_run_to_work();
}

// The run folder is on a small tmpfs that is filled up once traffic flows.
TEST_P(KillCampaign, AFullDiskDuringTheCaptureIsAnErrorThatSaysSo) {
  if (!as_root()) GTEST_SKIP() << "the disk is full in the same way";
  const ScratchFolder scratch;
  const std::string disk = scratch / "disk";
  fs::create_directories(disk);
  std::ofstream(scratch / "small.toml") << "extend = \"" << demo_file << "\"\n[measure]\ncapture_limit = \"8MB\"\n";
  const std::string fill = "mount -t tmpfs -o size=120m none " + disk + " && (until grep -qs transfer-progress " +
                           disk + "/run/events.jsonl; do kill -0 $$ || exit 0; done; dd if=/dev/zero of=" + disk +
                           "/fill bs=64k 2>/dev/null; exit 0) & until grep -qs " + disk +
                           " /proc/self/mounts; do :; done; exec \"$@\"";
  Program program({"run", scratch / "small.toml", "--extend-anywhere", "--case", "broken", "--duration", "6", "--out",
                   disk + "/run"},
                  {"unshare", "--mount", "sh", "-c", fill, "sh"}, {"OFFLAB_CACHE=" + cache().string()});
  EXPECT_EQ(program.wait(seconds(120)), 3) << program.output();
  EXPECT_NE(program.output().find("No space left"), std::string::npos) << program.output();
  EXPECT_EQ(host_state(), before_);
  expect_the_next_run_to_work();
}

}  // namespace
}  // namespace offlab::test
