// Folders that another user owns or can write to, and outputs that cannot be written.
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/handle.h"
#include "base/read_file.h"
#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;

using std::chrono::seconds;
using testing::HasSubstr;

constexpr uid_t stranger = 65534;
const std::string demo_file = source_folder() + "/topologies/demo.toml";

struct Answer {
  int status;
  std::string output;
};

class HostilePlaces : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root, for another user's folder";
  }
  Answer ask(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
             const std::vector<std::string>& prefix = {}) const {
    Program program(arguments, prefix, environment);
    const auto status = program.wait(seconds(30));
    return {status.value_or(-1), program.output()};
  }
  fs::path folder_of(uid_t owner, const std::string& name, mode_t mode = 0755) const {
    fs::create_directories(scratch_ / name);
    EXPECT_EQ(chown((scratch_ / name).c_str(), owner, owner), 0);
    EXPECT_EQ(chmod((scratch_ / name).c_str(), mode), 0);
    return scratch_ / name;
  }
  // As the caller of setpriv sees the machine.
  static std::vector<std::string> as_stranger() {
    return {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  }
  std::string cache() const { return "OFFLAB_CACHE=" + (scratch_ / "cache").string(); }

  ScratchFolder scratch_;
};

// The other user replaces the run folder by a link while root's run goes on, or has put one there before.
TEST_F(HostilePlaces, ARunFolderInAnotherUsersFolderIsRefused) {
  const fs::path theirs = folder_of(stranger, "theirs");
  std::ofstream(scratch_ / "victim") << "precious";
  fs::create_directory_symlink(scratch_.path(), theirs / "runs");
  for (const fs::path& out : {theirs / "run", theirs / "runs/run"}) {
    const Answer refused = ask({"run", demo_file, "--out", out}, {cache()});
    EXPECT_EQ(refused.status, 2) << refused.output;
    EXPECT_THAT(refused.output, HasSubstr("theirs belongs to user "));
    EXPECT_THAT(refused.output, HasSubstr("remedy: name a folder with --out"));
    EXPECT_FALSE(fs::exists(out));
  }
  const Answer judged = ask({"judge", tests_folder() + "/data/recorded-run", "--out", theirs / "results"}, {cache()});
  EXPECT_EQ(judged.status, 2) << judged.output;
}

TEST_F(HostilePlaces, TheWorkingFolderOfAnotherUserIsRefusedForItsRuns) {
  const fs::path theirs = folder_of(stranger, "theirs");
  const Answer refused = ask({"run", demo_file}, {cache()}, {"sh", "-c", "cd \"$0\"; exec \"$@\"", theirs.string()});
  EXPECT_EQ(refused.status, 2) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("theirs belongs to user "));
  EXPECT_FALSE(fs::exists(theirs / "runs"));
}

TEST_F(HostilePlaces, ARunFolderThatOthersCanWriteIsRefusedForAnOrdinaryUserToo) {
  const fs::path open = folder_of(0, "open", 0777);
  ASSERT_EQ(chmod(scratch_.path().c_str(), 0755), 0);
  const fs::path own = folder_of(stranger, "own");
  const Answer refused =
      ask({"run", demo_file, "--out", open / "run"}, {"OFFLAB_CACHE=" + own.string()}, as_stranger());
  EXPECT_EQ(refused.status, 2) << refused.output;
  EXPECT_THAT(refused.output, HasSubstr("open can be written by other users"));
}

TEST_F(HostilePlaces, ACacheOfAnotherUserIsRefusedAndLeftAsItIs) {
  const fs::path theirs = folder_of(stranger, "cache");
  for (const char* command : {"list", "gc", "cache", "doctor"}) {
    const Answer refused = ask({command}, {cache()});
    EXPECT_EQ(refused.status, 3) << command << refused.output;
    EXPECT_THAT(refused.output, HasSubstr("cache belongs to user ")) << command;
    EXPECT_THAT(refused.output, HasSubstr("set OFFLAB_CACHE to a folder of your own")) << command;
  }
  EXPECT_TRUE(fs::is_empty(theirs));
  // With its own user nothing is in the way, after root tried.
  ASSERT_EQ(chmod(scratch_.path().c_str(), 0755), 0);
  EXPECT_EQ(ask({"list"}, {cache()}, as_stranger()).status, 0);
  EXPECT_EQ(ask({"list"}, {cache()}).status, 3);
  EXPECT_EQ(ask({"list"}, {cache()}, as_stranger()).status, 0);
}

TEST_F(HostilePlaces, ACacheThatOthersCanWriteIsRefused) {
  folder_of(0, "cache", 0777);
  const Answer refused = ask({"list"}, {cache()});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output, HasSubstr("cache can be written by other users"));
}

// Any user could take the lock of a list that everybody can open, and keep it.
TEST_F(HostilePlaces, NobodyElseCanTakeALock) {
  EXPECT_EQ(ask({"list"}, {cache()}).status, 0);
  ASSERT_EQ(chmod(scratch_.path().c_str(), 0755), 0);
  int locks = 0;
  for (const auto& entry : fs::recursive_directory_iterator(scratch_ / "cache")) {
    if (entry.path().filename() != ".lock" && entry.path().filename() != "lock") continue;
    ++locks;
    EXPECT_EQ(entry.status().permissions(), fs::perms::owner_read | fs::perms::owner_write) << entry.path();
    const std::vector<std::string> holder = {"setpriv", "--reuid=65534", "--regid=65534",       "--clear-groups",
                                             "flock",   "--nonblock",    entry.path().string(), "true"};
    Program taken({}, holder);
    EXPECT_NE(taken.wait(seconds(5)), 0) << entry.path();
  }
  EXPECT_GT(locks, 0);
  EXPECT_EQ(fs::status(scratch_ / "cache").permissions(), fs::perms::owner_all);
}

TEST_F(HostilePlaces, TwoRunsInOneFolderDoNotMix) {
  const fs::path out = scratch_ / "run";
  fs::create_directories(out);
  const UniqueFd first(open(out.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(flock(first.get(), LOCK_EX | LOCK_NB), 0);
  const Answer second = ask({"run", demo_file, "--out", out}, {cache()});
  EXPECT_EQ(second.status, 2) << second.output;
  EXPECT_THAT(second.output, HasSubstr("another run is at work in"));
}

TEST_F(HostilePlaces, AnOutputThatCannotBeWrittenIsAnError) {
  const Answer full = ask({"plan", demo_file}, {cache()}, {"sh", "-c", "exec \"$@\" > /dev/full", "sh"});
  EXPECT_EQ(full.status, 3) << full.output;
  EXPECT_THAT(full.output, HasSubstr("writing to standard output failed"));
}

}  // namespace
}  // namespace offlab::test
