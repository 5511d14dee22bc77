// Whatever breaks: the right outcome in time, and nothing left behind.
#include <csignal>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;

const std::string demo_file = source_folder() + "/topologies/demo.toml";

std::vector<std::string> run_arguments(const std::filesystem::path& out) {
  return {"run", demo_file, "--case", "broken", "--out", out, "--duration", "4"};
}

bool transfer_runs(const std::filesystem::path& run) {
  return has_event(run, "\"event\":\"transfer-progress\"");
}

// Kills offlab with SIGKILL once `stage` is reached and expects the machine to be as before.
void kill_at(const std::string& stage, const std::function<bool(const std::filesystem::path& run)>& reached,
             const std::vector<std::string>& environment = {}) {
  SCOPED_TRACE(stage);
  const std::string before = host_state();
  const ScratchFolder scratch;
  std::vector<pid_t> processes;
  {
    Program program(run_arguments(scratch / "run"), {}, environment);
    ASSERT_TRUE(program.until(seconds(90), [&] { return reached(scratch / "run"); })) << program.output();
    processes = program.descendants();
    EXPECT_FALSE(processes.empty());
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait(seconds(5)), 128 + SIGKILL);
  }
  EXPECT_TRUE(survivors(processes).empty()) << survivors(processes).size() << " processes are left";
  EXPECT_EQ(host_state(), before);
}

TEST(Breakage, SigkillInAnyStageLeavesNothing) {
  kill_at("boot", [](const auto& run) { return has_event(run, "\"stage\":\"boot\""); });
  kill_at("configure", [](const auto& run) { return has_event(run, "\"stage\":\"configure\""); });
  kill_at("transfer", transfer_runs);
}

TEST(Breakage, SigkillWhileTheImageIsBuiltLeavesNothingAndTheNextBuildWorks) {
  const std::string before = host_state();
  const ScratchFolder cache;
  const std::vector<std::string> environment = {"OFFLAB_CACHE=" + cache.path().string()};
  std::vector<pid_t> processes;
  {
    Program program({"image", "build", "debian-12"}, {}, environment);
    ASSERT_TRUE(program.until(seconds(60), [&] { return program.output().find("unpacking") != std::string::npos; }))
        << program.output();
    ASSERT_TRUE(program.until(seconds(60), [&] { return program.find("apt-get") > 0; }));
    processes = program.descendants();
    program.signal(SIGKILL);
    EXPECT_EQ(program.wait(seconds(5)), 128 + SIGKILL);
  }
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_EQ(host_state(), before);
  Program again({"image", "build", "debian-12"}, {}, environment);
  EXPECT_EQ(again.wait(seconds(180)), 0) << again.output();
  EXPECT_FALSE(std::filesystem::exists(cache / "images/debian-12/building"));
}

TEST(Breakage, InterruptEndsWithinThreeSecondsAndLeavesNothing) {
  const std::string before = host_state();
  const ScratchFolder scratch;
  Program program(run_arguments(scratch / "run"));
  ASSERT_TRUE(program.until(seconds(90), [&] { return transfer_runs(scratch / "run"); })) << program.output();
  const std::vector<pid_t> processes = program.descendants();
  program.signal(SIGINT);
  EXPECT_EQ(program.wait(seconds(3)), 130) << program.output();
  EXPECT_TRUE(survivors(processes).empty());
  EXPECT_EQ(host_state(), before);
}

TEST(Breakage, AGuestThatDiesInMidTransferIsAnErrorThatNamesIt) {
  const ScratchFolder scratch;
  Program program(run_arguments(scratch / "run"));
  ASSERT_TRUE(program.until(seconds(90), [&] { return transfer_runs(scratch / "run"); })) << program.output();
  const pid_t router = program.find("guest=router");
  ASSERT_GT(router, 0);
  kill(router, SIGKILL);
  EXPECT_EQ(program.wait(seconds(20)), 3) << program.output();
  const auto one = find_case(read_json(scratch / "run/run.json"), "broken");
  EXPECT_EQ(one["outcome"], "error");
  EXPECT_NE(one["reason"].get<std::string>().find("guest 'router'"), std::string::npos) << one["reason"];
  EXPECT_NE(one["reason"].get<std::string>().find("router.serial.log"), std::string::npos) << one["reason"];
}

TEST(Breakage, AGuestThatHangsInMidTransferIsAnErrorWithinTheDeadline) {
  const ScratchFolder scratch;
  Program program(run_arguments(scratch / "run"));
  ASSERT_TRUE(program.until(seconds(90), [&] { return transfer_runs(scratch / "run"); })) << program.output();
  const pid_t router = program.find("guest=router");
  ASSERT_GT(router, 0);
  kill(router, SIGSTOP);
  EXPECT_EQ(program.wait(seconds(60)), 3) << program.output();
  const auto one = find_case(read_json(scratch / "run/run.json"), "broken");
  EXPECT_EQ(one["outcome"], "error");
  EXPECT_NE(one["reason"].get<std::string>().find("guest 'router' does not answer"), std::string::npos)
      << one["reason"];
}

}  // namespace
}  // namespace offlab::test
