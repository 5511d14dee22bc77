// The SSH adapter against a real server, dropbear, on the loopback of a namespace of the test's own.
#include "ssh/ssh_session.h"

#include <csignal>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/private_namespaces.h"
#include "lab/program.h"
#include "process/subprocess.h"
#include "ssh/lab_keys.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;

Deadline soon(int limit = 10) {
  return Deadline("ssh on router", seconds(limit));
}

class SshSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!enter_private_namespaces()) GTEST_SKIP() << "needs root, for namespaces";
    if (!fs::exists("/usr/sbin/dropbear")) GTEST_SKIP() << "dropbear is not installed";
    ASSERT_EQ(mount("tmpfs", "/root", "tmpfs", 0, "mode=0700"), 0);
    fs::create_directories("/root/.ssh");
    fs::permissions("/root/.ssh", fs::perms::owner_all);
    keys_ = make_lab_keys(scratch_.path());
    fs::copy_file(keys_.authorized_keys, "/root/.ssh/authorized_keys");
    fs::permissions("/root/.ssh/authorized_keys", fs::perms::owner_read | fs::perms::owner_write);
    run_or_throw({"dropbearconvert", "openssh", "dropbear", keys_.host_key, scratch_ / "dropbear_key"}, soon());
  }

  void start_server() {
    server_ = fork();
    if (server_ != 0) return;
    const std::string key = scratch_ / "dropbear_key";
    execl("/usr/sbin/dropbear", "dropbear", "-F", "-r", key.c_str(), "-s", "-p", "127.0.0.1:2222", nullptr);
    _exit(127);
  }

  void TearDown() override {
    if (server_ <= 0) return;
    kill(server_, SIGKILL);
    waitpid(server_, nullptr, 0);
  }

  SshSession connect(const Deadline& deadline, std::stop_token stop = {}) {
    return SshSession(address_, keys_.host.get(), keys_.user.get(), deadline, stop);
  }

  static CommandResult run(SshSession& session, const std::string& command, const Deadline& deadline = soon(),
                           const std::stop_token& stop = {}) {
    std::string output;
    CommandEnd end = session.stream(
        command, [&](std::string_view chunk) { output += chunk; }, deadline, stop);
    return {end.exit_status, output, end.errors};
  }

  ScratchFolder scratch_;
  LabKeys keys_;
  SshAddress address_{"127.0.0.1", "", 2222};
  pid_t server_ = -1;
};

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

TEST_F(SshSessionTest, ACommandGivesOutputErrorsAndExitStatus) {
  start_server();
  SshSession session = connect(soon());
  const CommandResult result = run(session, "echo out; echo err >&2; exit 7", soon(), {});
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.exit_status, 7);
}

TEST_F(SshSessionTest, ALongOutputComesWhole) {
  start_server();
  SshSession session = connect(soon());
  const CommandResult result = run(session, "seq 200000", soon(30), {});
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output.size(), 1288895U);
  EXPECT_THAT(result.output, testing::EndsWith("\n200000\n"));
}

TEST_F(SshSessionTest, ManyCommandsRunOneAfterTheOther) {
  start_server();
  SshSession session = connect(soon());
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(run(session, "echo " + std::to_string(i), soon(), {}).output, std::to_string(i) + "\n");
}

TEST_F(SshSessionTest, AServerThatComesUpLaterIsWaitedFor) {
  std::thread later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    start_server();
  });
  SshSession session = connect(soon());
  later.join();
  EXPECT_EQ(run(session, "true", soon(), {}).exit_status, 0);
}

TEST_F(SshSessionTest, NobodyThereIsAnErrorAtTheDeadlineThatNamesTheWait) {
  EXPECT_EQ(message_of([&] { connect(soon(1)); }), "ssh on router: no answer within 1 s");
}

TEST_F(SshSessionTest, AnotherHostKeyIsRefused) {
  start_server();
  fs::create_directories(scratch_ / "other");
  const LabKeys other = make_lab_keys(scratch_ / "other");
  EXPECT_THAT(message_of([&] { SshSession(address_, other.host.get(), keys_.user.get(), soon(), {}); }),
              testing::HasSubstr("another host key"));
}

TEST_F(SshSessionTest, AnotherUserKeyIsRefused) {
  start_server();
  fs::create_directories(scratch_ / "other");
  const LabKeys other = make_lab_keys(scratch_ / "other");
  EXPECT_THAT(message_of([&] { SshSession(address_, keys_.host.get(), other.user.get(), soon(), {}); }),
              testing::HasSubstr("logging in"));
}

TEST_F(SshSessionTest, ACommandThatHangsIsAnErrorAtTheDeadline) {
  start_server();
  SshSession session = connect(soon());
  EXPECT_EQ(message_of([&] { run(session, "sleep 60", soon(1), {}); }), "ssh on router: no answer within 1 s");
  EXPECT_EQ(run(session, "echo alive", soon(), {}).output, "alive\n");
}

TEST_F(SshSessionTest, AServerThatDiesInMidCommandIsAnError) {
  start_server();
  SshSession session = connect(soon());
  std::thread killer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    run_program({"pkill", "-KILL", "-P", std::to_string(server_)}, soon());
  });
  EXPECT_NE(message_of([&] {
              const CommandResult result = run(session, "sleep 60", soon(5), {});
              if (result.exit_status != 0) throw Error("lost");
            }),
            "(no error)");
  killer.join();
}

TEST_F(SshSessionTest, AStopEndsAWaitAtOnce) {
  start_server();
  SshSession session = connect(soon());
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(run(session, "sleep 60", soon(30), stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(2));
  stopper.join();
}

TEST_F(SshSessionTest, PrivateKeysAreReadableByTheirOwnerOnly) {
  for (const fs::path& file : {keys_.user_key, keys_.host_key})
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write) << file;
}

}  // namespace
}  // namespace offlab::test
