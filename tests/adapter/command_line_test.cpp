// The program on machines and with input that it must refuse: a clear sentence, the right exit status, nothing started.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

const std::string demo_file = source_folder() + "/topologies/demo.toml";

struct Refused {
  int status;
  std::string output;
};

Refused refuse(const std::vector<std::string>& arguments, const std::vector<std::string>& prefix = {},
               const std::vector<std::string>& environment = {}) {
  Program program(arguments, prefix, environment);
  const auto status = program.wait(seconds(30));
  return {status.value_or(-1), program.output()};
}

class CommandLine : public testing::Test {
 protected:
  std::string run_folder() const { return scratch_ / "run"; }
  void expect_no_run_folder() const { EXPECT_FALSE(std::filesystem::exists(run_folder())); }
  ScratchFolder scratch_;
};

class RootCommandLine : public CommandLine {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to take things away";
  }
};

TEST_F(CommandLine, HelpNamesEveryCommandAndTheExitStatuses) {
  const Refused help = refuse({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* command : {"demo",    "run",     "verify", "up",    "list",     "status", "ssh",   "exec",
                              "console", "capture", "set",    "down",  "gc",       "doctor", "gate",  "bisect",
                              "nightly", "history", "ack",    "judge", "validate", "plan",   "image", "inconclusive"})
    EXPECT_THAT(help.output, HasSubstr(command));
  EXPECT_THAT(help.output, testing::Not(HasSubstr("worker")));
}

TEST_F(CommandLine, MistakesOfUsageAreExitStatusTwo) {
  EXPECT_EQ(refuse({}).status, 2);
  EXPECT_EQ(refuse({"fly"}).status, 2);
  EXPECT_THAT(refuse({"runn", demo_file}).output, HasSubstr("did you mean 'run'?"));
  EXPECT_EQ(refuse({"run"}).status, 2);
  EXPECT_EQ(refuse({"run", demo_file, "--duration", "long"}).status, 2);
  EXPECT_EQ(refuse({"run", demo_file, "--axis", "router.lro"}).status, 2);
  EXPECT_EQ(refuse({"run", demo_file, "--accel", "warp", "--out", run_folder()}).status, 2);
  EXPECT_EQ(refuse({"image", "build", "windows"}).status, 2);
}

TEST_F(CommandLine, ARunGoesOnOnlyFromAFolderThatWasBegun) {
  EXPECT_EQ(refuse({"run", demo_file, "--resume", run_folder()}).status, 2);
  EXPECT_EQ(refuse({"run", "--resume", run_folder(), "--case", "fixed"}).status, 2);
  const Refused refused = refuse({"run", "--resume", run_folder()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("plan.json"));
  EXPECT_THAT(refuse({"nightly", "--resume", run_folder()}).output, HasSubstr("begin.json"));
  expect_no_run_folder();
}

TEST_F(CommandLine, ARunThatIsCompleteIsOnlyJudgedAgain) {
  std::filesystem::copy(tests_folder() + "/data/recorded-run", run_folder(), std::filesystem::copy_options::recursive);
  const Refused again =
      refuse({"run", "--resume", run_folder()}, {}, {"OFFLAB_CACHE=" + (scratch_ / "cache").string()});
  EXPECT_EQ(again.status, 1) << again.output;
  EXPECT_THAT(again.output, HasSubstr("lro-orphan-storm"));
  EXPECT_THAT(again.output, testing::Not(HasSubstr("lab-1:")));
}

TEST_F(CommandLine, ACampaignIsRefusedBeforeThereIsAFolder) {
  std::ofstream(scratch_ / "bad.toml") << "name = \"x\"\ncolour = 1\n[[part]]\nfile = \"missing.toml\"\n";
  EXPECT_THAT(refuse({"nightly", scratch_ / "bad.toml", "--out", run_folder()}).output,
              HasSubstr("unknown key 'colour'"));
  std::ofstream(scratch_ / "lost.toml") << "name = \"x\"\n[[part]]\nfile = \"missing.toml\"\n";
  const Refused lost = refuse({"nightly", scratch_ / "lost.toml", "--out", run_folder()});
  EXPECT_EQ(lost.status, 2);
  EXPECT_THAT(lost.output, HasSubstr("missing.toml"));
  std::ofstream(scratch_ / "good.toml") << "name = \"x\"\n[[part]]\nfile = \"" << demo_file << "\"\n";
  std::ofstream(scratch_ / "text") << std::string(5000, 'x');
  const Refused refused =
      refuse({"nightly", scratch_ / "good.toml", "--out", run_folder(), "--history", scratch_ / "text"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("not a database"));
  EXPECT_EQ(refuse({"nightly"}).status, 2);
  expect_no_run_folder();
}

TEST_F(CommandLine, AHistoryThatIsNotThereIsNamed) {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"history", "--history", scratch_ / "h"},
        std::vector<std::string>{"ack", "one", "--reason", "x", "--history", scratch_ / "h"}}) {
    const Refused refused = refuse(command);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.output, HasSubstr("there is no history"));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "h"));
}

TEST_F(CommandLine, AFileThatCannotBeReadIsNamed) {
  const Refused refused = refuse({"run", scratch_ / "missing.toml"});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("missing.toml"));
}

TEST_F(CommandLine, MistakesInAFileAreAllShownWithTheirPlaces) {
  std::ifstream good(demo_file);
  std::string text(std::istreambuf_iterator<char>(good), {});
  text.replace(text.find("role = \"router\""), 15, "rolle = \"router\"");
  text.replace(text.find("to   = \"client\""), 15, "to   = \"klient\"");
  std::ofstream(scratch_ / "bad.toml") << text;
  const Refused refused = refuse({"run", scratch_ / "bad.toml", "--out", run_folder()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("bad.toml:15:1: error: unknown key 'rolle'"));
  EXPECT_THAT(refused.output, HasSubstr("did you mean 'role'?"));
  EXPECT_THAT(refused.output, HasSubstr("unknown node 'klient'"));
  EXPECT_THAT(refused.output, HasSubstr("^"));
  expect_no_run_folder();
}

TEST_F(CommandLine, AFileOfSomebodyElseIsNotShownByExtendingIt) {
  std::filesystem::create_directories(scratch_ / "mine");
  std::ofstream(scratch_ / "shadow") << "root:$6$hunter2:19000:0:99999:7:::\n";
  for (const std::string& path : {std::string("../shadow"), (scratch_ / "shadow").string()}) {
    std::ofstream(scratch_ / "mine/lab.toml") << "extend = \"" << path << "\"\nname = \"x\"\n";
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"validate"}, {"plan"}, {"run"}, {"verify"}, {"up"}}) {
      std::vector<std::string> arguments = command;
      arguments.push_back(scratch_ / "mine/lab.toml");
      const Refused refused = refuse(arguments);
      EXPECT_EQ(refused.status, 2) << command.front();
      EXPECT_THAT(refused.output, HasSubstr("lab.toml:1:10: error: '" + path + "'"));
      EXPECT_THAT(refused.output, HasSubstr("--extend-anywhere"));
      EXPECT_THAT(refused.output, testing::Not(HasSubstr("hunter2")));
      arguments.emplace_back("--extend-anywhere");
      const Refused allowed = refuse(arguments);
      EXPECT_EQ(allowed.status, 2) << command.front();
      EXPECT_THAT(allowed.output, HasSubstr("shadow:1:5: error: this is no topology file"));
      EXPECT_THAT(allowed.output, testing::Not(HasSubstr("hunter2")));
    }
  }
}

TEST_F(CommandLine, WhatIsNoRegularFileIsRefusedAtOnce) {
  ASSERT_EQ(mkfifo((scratch_ / "fifo.toml").c_str(), 0600), 0);
  for (const std::string& file :
       {(scratch_ / "fifo.toml").string(), std::string("/dev/zero"), scratch_.path().string()})
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"validate", file}, {"run", file}, {"plan", file}}) {
      const Refused refused = refuse(command);
      EXPECT_EQ(refused.status, 2) << command.front() << " " << file;
      EXPECT_THAT(refused.output, HasSubstr(file));
      EXPECT_THAT(refused.output, HasSubstr("regular file"));
      EXPECT_THAT(refused.output, HasSubstr("remedy: "));
    }
}

TEST_F(CommandLine, NothingFromOutsideEndsInTheWordsOfALibrary) {
  const std::string endless(5000, 'a');
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"verify", endless},
                                                    {"run", endless},
                                                    {"validate", endless},
                                                    {"judge", endless},
                                                    {"image", "build", endless},
                                                    {"image", "build", "./" + endless + ".toml"},
                                                    {"selftest", "--recording", endless}}) {
    const Refused refused = refuse(arguments);
    EXPECT_THAT(refused.output, testing::StartsWith("error: ")) << arguments.front();
    EXPECT_THAT(refused.output, HasSubstr("  remedy: ")) << arguments.front();
    EXPECT_THAT(refused.output, testing::Not(HasSubstr("filesystem error"))) << arguments.front();
  }
  EXPECT_EQ(refuse({"verify", endless}).status, 2);
}

TEST_F(CommandLine, AWorkingFolderThatIsGoneIsOneClearError) {
  const std::string gone = scratch_ / "gone";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"validate", "x.toml"},
                                                    {"judge", tests_folder() + "/data/recorded-run", "--out", "x"}}) {
    const Refused refused =
        refuse(arguments, {"sh", "-c", R"(mkdir "$0" && cd "$0" && rmdir "$0" && exec "$@")", gone});
    EXPECT_THAT(refused.output, HasSubstr("No such file or directory")) << arguments.front();
    EXPECT_THAT(refused.output, HasSubstr("  remedy: ")) << arguments.front();
    EXPECT_THAT(refused.output, testing::Not(HasSubstr("filesystem error"))) << arguments.front();
  }
}

TEST_F(CommandLine, VariablesThatMakeNoSenseAreNamed) {
  const std::string cache = "OFFLAB_CACHE=" + (scratch_ / "cache").string();
  for (const char* limit : {"x", "-1", "nan", "inf", "1e30", "99999999999999999999999", "4 GB of it"}) {
    const Refused refused = refuse({"cache"}, {}, {cache, std::string("OFFLAB_WARM_LIMIT=") + limit});
    EXPECT_EQ(refused.status, 2) << limit;
    EXPECT_THAT(refused.output, HasSubstr("error: OFFLAB_WARM_LIMIT: '" + std::string(limit) + "' is not a size"));
  }
  const Refused refused = refuse({"cache"}, {}, {"OFFLAB_CACHE=/dev/null"});
  EXPECT_THAT(refused.output, HasSubstr("/dev/null"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: set OFFLAB_CACHE"));
  const Refused data = refuse({"selftest"}, {}, {"OFFLAB_DATA=" + std::string(5000, 'a')});
  EXPECT_EQ(data.status, 0) << "what is not in OFFLAB_DATA is looked for elsewhere\n" << data.output;
}

TEST_F(CommandLine, AnAxisOrCaseThatDoesNotExistIsNamedBeforeAnythingStarts) {
  const Refused axis = refuse({"run", demo_file, "--axis", "router.lor=on", "--out", run_folder()});
  EXPECT_EQ(axis.status, 2);
  EXPECT_THAT(axis.output, HasSubstr("router.lor"));
  const Refused glob = refuse({"run", demo_file, "--case", "nothing*", "--out", run_folder()});
  EXPECT_EQ(glob.status, 2);
  EXPECT_THAT(glob.output, HasSubstr("nothing*"));
  expect_no_run_folder();
}

TEST_F(CommandLine, EveryShippedTopologyIsValid) {
  std::vector<std::string> arguments = {"validate"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(source_folder() + "/topologies"))
    if (entry.is_regular_file()) arguments.push_back(entry.path());
  ASSERT_GE(arguments.size(), 20U);
  const Refused result = refuse(arguments);
  EXPECT_EQ(result.status, 0) << result.output;
}

TEST_F(CommandLine, PlanShowsEveryCaseAndStartsNothing) {
  const Refused result = refuse({"plan", demo_file, "--steps"});
  EXPECT_EQ(result.status, 0);
  for (const char* words :
       {"case broken  (the file expects lro-orphan-storm)", "case fixed", "force hypervisor.lro = passthrough",
        "ethtool -K wan lro off", "bulk TCP from 198.18.2.2:5201"})
    EXPECT_THAT(result.output, HasSubstr(words));
}

TEST_F(CommandLine, EveryFileOfAFolderIsVerifiedOneThatIsWrongDoesNotStopTheOthers) {
  std::filesystem::create_directories(scratch_ / "files");
  std::ofstream(scratch_ / "files/b-wrong.toml") << "nam = 1\n";
  std::ofstream(scratch_ / "files/a-wrong.toml") << "name = \n";
  std::ofstream(scratch_ / "files/notes.txt") << "no topology";
  const Refused verified = refuse({"verify", scratch_ / "files", "--out", run_folder()});
  EXPECT_EQ(verified.status, 2);
  EXPECT_THAT(verified.output, HasSubstr("a-wrong.toml:1:"));
  EXPECT_THAT(verified.output, HasSubstr("b-wrong.toml:1:1: error: this is no topology file"));
  const auto run = read_json(run_folder() + "/run.json");
  EXPECT_EQ(run["name"], "files");
  EXPECT_EQ(run["outcome"], "error");
  ASSERT_EQ(run["cases"].size(), 2U);
  EXPECT_EQ(run["cases"][0]["id"], "a-wrong");
  EXPECT_EQ(run["cases"][1]["id"], "b-wrong");
  const Refused judged = refuse({"judge", run_folder()});
  EXPECT_EQ(judged.status, 2);
  EXPECT_EQ(read_json(run_folder() + "/run.json")["cases"], run["cases"]);
}

TEST_F(CommandLine, AFolderWithoutTopologyFilesIsAMistake) {
  const Refused refused = refuse({"verify", scratch_.path(), "--out", run_folder()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("no topology file (*.toml)"));
  expect_no_run_folder();
}

TEST_F(CommandLine, OptionsForOneFileAreRefusedForAFolder) {
  const std::string folder = source_folder() + "/topologies/hazards";
  for (const std::vector<std::string>& option :
       {std::vector<std::string>{"--case", "x"}, {"--axis", "router.lro=on"}, {"--lab", "x"}, {"--keep"}}) {
    std::vector<std::string> arguments = {"verify", folder, "--out", run_folder()};
    arguments.insert(arguments.end(), option.begin(), option.end());
    const Refused refused = refuse(arguments);
    EXPECT_EQ(refused.status, 2);
    EXPECT_THAT(refused.output, HasSubstr(option.front() + " is for one topology file"));
  }
  expect_no_run_folder();
}

TEST_F(CommandLine, ARunFolderThatIsNotEmptyIsLeftAlone) {
  std::filesystem::create_directories(run_folder());
  std::ofstream(run_folder() + "/precious") << "mine";
  const Refused refused = refuse({"run", demo_file, "--out", run_folder()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("not an empty folder"));
  EXPECT_EQ(read_text(run_folder() + "/precious"), "mine");
}

TEST_F(CommandLine, JudgingWhatIsNoRunFolderSaysSo) {
  const Refused refused = refuse({"judge", scratch_.path()});
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.output, HasSubstr("is not a run folder"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: "));
}

TEST_F(RootCommandLine, WithoutRootAndSubIdsTheRemedyIsNamed) {
  ASSERT_EQ(chown(scratch_.path().c_str(), 65534, 65534), 0);
  const Refused refused =
      refuse({"run", demo_file, "--out", run_folder()}, {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"},
             {"OFFLAB_CACHE=" + (scratch_ / "cache").string()});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output, HasSubstr("is not root and has no 65536 sub-ids"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: run as root, or: "));
  expect_no_run_folder();
}

TEST_F(RootCommandLine, WithoutQemuTheRemedyIsNamed) {
  const Refused refused = refuse({"run", demo_file, "--out", run_folder()}, {}, {"PATH=" + scratch_.path().string()});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output, HasSubstr("QEMU is not installed"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: ./ci/deps.sh run"));
  expect_no_run_folder();
}

TEST_F(RootCommandLine, WithoutTheTunDeviceTheRemedyIsNamed) {
  const Refused refused =
      refuse({"run", demo_file, "--out", run_folder()},
             {"unshare", "--mount", "sh", "-c", "mount --bind /dev/null /dev/net/tun && exec \"$@\"", "sh"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output, HasSubstr("/dev/net/tun cannot be used"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: modprobe tun"));
}

TEST_F(RootCommandLine, WithoutDiskSpaceTheRemedyIsNamed) {
  const std::string place = scratch_ / "small";
  std::filesystem::create_directories(place);
  const Refused refused =
      refuse({"run", demo_file, "--out", place + "/run"},
             {"unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=50m tmpfs " + place + " && exec \"$@\"", "sh"});
  EXPECT_EQ(refused.status, 3);
  EXPECT_THAT(refused.output, HasSubstr("left, a run may need"));
  EXPECT_THAT(refused.output, HasSubstr("remedy: free some space"));
}

}  // namespace
}  // namespace offlab::test
