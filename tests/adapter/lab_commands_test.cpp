// The commands on labs that stay, where there is no lab: a clear sentence, the right exit status, nothing started.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

const std::string topologies = source_folder() + "/topologies/";

struct Answer {
  int status;
  std::string output;
};

class LabCommands : public testing::Test {
 protected:
  Answer ask(const std::vector<std::string>& arguments, const std::vector<std::string>& prefix = {}) {
    Program program(arguments, prefix, {"OFFLAB_CACHE=" + cache_.path().string()});
    const auto status = program.wait(seconds(30));
    return {status.value_or(-1), program.output()};
  }
  ScratchFolder cache_;
};

TEST_F(LabCommands, WithoutALabTheySayHowToStartOne) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"status"},
                                                    {"ssh", "router"},
                                                    {"exec", "router", "ls", "-l"},
                                                    {"console", "router"},
                                                    {"capture", "router", "wan"},
                                                    {"set", "router.lro=on"},
                                                    {"down"}}) {
    const Answer answer = ask(arguments);
    EXPECT_EQ(answer.status, 2) << arguments[0] << ": " << answer.output;
    EXPECT_THAT(answer.output, HasSubstr("offlab up FILE")) << arguments[0];
  }
  EXPECT_EQ(ask({"list"}).status, 0);
  EXPECT_EQ(ask({"gc"}).status, 0);
  EXPECT_EQ(ask({"down", "--all"}).status, 0);
}

TEST_F(LabCommands, ALabThatDoesNotExistIsNamed) {
  EXPECT_THAT(ask({"status", "nowhere"}).output, HasSubstr("there is no lab 'nowhere'"));
  const Answer run = ask({"run", topologies + "demo.toml", "--lab", "nowhere", "--out", cache_ / "run"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.output, HasSubstr("there is no lab 'nowhere'"));
  EXPECT_FALSE(std::filesystem::exists(cache_ / "run"));
}

TEST_F(LabCommands, MistakesOfUsageAreExitStatusTwoAndLeaveNothing) {
  EXPECT_EQ(ask({"up"}).status, 2);
  EXPECT_EQ(ask({"up", cache_ / "missing.toml"}).status, 2);
  EXPECT_EQ(ask({"up", topologies + "demo.toml", "--case", "nothing*"}).status, 2);
  EXPECT_THAT(ask({"up", topologies + "demo.toml", "--wait", "long"}).output,
              HasSubstr("--wait long is not a duration"));
  EXPECT_EQ(ask({"up", topologies + "demo.toml", "--name", "../escape"}).status, 2);
  EXPECT_EQ(ask({"up", topologies + "demo.toml", "--accel", "warp"}).status, 2);
  EXPECT_EQ(ask({"set", "router.lro"}).status, 2);
  EXPECT_EQ(ask({"down", "a", "--all"}).status, 2);
  EXPECT_EQ(ask({"run", topologies + "demo.toml", "--lab", "a", "--keep"}).status, 2);
  const Answer keep = ask({"run", topologies + "demo.toml", "--keep", "--axis", "client.memory=256,300"});
  EXPECT_EQ(keep.status, 2);
  EXPECT_THAT(keep.output, HasSubstr("narrow them with --case"));
  EXPECT_THAT(ask({"list"}).output, HasSubstr("no lab is up"));
}

TEST_F(LabCommands, AStartThatFailsSaysWhyAndLeavesNoLab) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to take the tun device away";
  const Answer up = ask({"up", topologies + "demo.toml"},
                        {"unshare", "--mount", "sh", "-c", "mount --bind /dev/null /dev/net/tun && exec \"$@\"", "sh"});
  EXPECT_EQ(up.status, 3);
  EXPECT_THAT(up.output, HasSubstr("error: /dev/net/tun cannot be used"));
  EXPECT_THAT(up.output, HasSubstr("remedy: modprobe tun"));
  EXPECT_THAT(ask({"list"}).output, HasSubstr("no lab is up"));
}

TEST_F(LabCommands, ACaptureIsNotWrittenToATerminal) {
  const Answer capture = ask({"capture", "router", "wan"}, {"sh", "-c", "script -qec \"$*\" /dev/null", "sh"});
  EXPECT_THAT(capture.output, HasSubstr("a capture is binary"));
}

// An ordinary user of Debian has no sbin in $PATH.
TEST_F(LabCommands, SystemProgramsAreFoundWithoutTheirFoldersInThePath) {
  for (const char* path : {"PATH=/usr/bin:/bin", "PATH=/sbin:/usr/bin", "PATH=/usr/bin:/usr/sbinner"})
    EXPECT_THAT(ask({"doctor"}, {"env", path}).output, HasSubstr("ok       depmod")) << path;
}

TEST_F(LabCommands, TheDoctorSaysWhatIsMissing) {
  const Answer well = ask({"doctor"});
  EXPECT_EQ(well.status, 0) << well.output;
  EXPECT_THAT(well.output, HasSubstr("room for"));
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to take the tun device away";
  const Answer ill =
      ask({"doctor"}, {"unshare", "--mount", "sh", "-c", "mount --bind /dev/null /dev/net/tun && exec \"$@\"", "sh"});
  EXPECT_EQ(ill.status, 3);
  EXPECT_THAT(ill.output, HasSubstr("MISSING  /dev/net/tun"));
}

}  // namespace
}  // namespace offlab::test
