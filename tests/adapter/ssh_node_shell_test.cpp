// Commands on a node that a real server serves: several at once, and as root by sudo.
#include "ssh/ssh_node_shell.h"

#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "adapter/ssh_servers.h"
#include "base/read_file.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string node_name = "ssh on router: root@127.0.0.1 port 2222: ";

class SshNodeShellTest : public SshTest {
 protected:
  // A pipe by which commands wait for each other.
  std::string fifo(const std::string& name) {
    std::string path = scratch_ / name;
    mkfifo(path.c_str(), 0666);
    return path;
  }
};

std::string output_of(NodeShell& shell, const std::string& command) {
  return shell.run("router", command, soon(), {}).output;
}

TEST_F(SshNodeShellTest, ACommandNeedsAConnection) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  EXPECT_EQ(message_of([&] { output_of(shell, "true"); }), "ssh on router: not connected");
  EXPECT_THAT(message_of([&] { shell.run("client", "true", soon(), {}); }), HasSubstr("no node 'client'"));
  shell.await("router", soon(), {});
  shell.connect("router", soon(), {});
  EXPECT_EQ(output_of(shell, "id -un"), "root\n");
}

// Each side of a pipe waits for the other, so this ends only if both commands run.
TEST_F(SshNodeShellTest, TwoCommandsRunAtOnce) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  const std::string there = fifo("there"), back = fifo("back");
  std::string answer;
  std::jthread other(
      [&] { answer = output_of(shell, fmt::format("read a < {}; echo $a-b > {}; echo $a", there, back)); });
  EXPECT_EQ(output_of(shell, fmt::format("echo a > {}; cat {}", there, back)), "a-b\n");
  other.join();
  EXPECT_EQ(answer, "a\n");
}

TEST_F(SshNodeShellTest, CommandsOneAfterTheOtherShareASession) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  const std::string first = output_of(shell, "echo $SSH_CONNECTION");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(output_of(shell, "echo $SSH_CONNECTION"), first);
}

TEST_F(SshNodeShellTest, MoreCommandsThanSessionsWaitForTheirTurn) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  const std::string gate = fifo("gate"), begun = scratch_ / "begun";
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < SessionPool::most_sessions; ++i)
    threads.emplace_back([&] { output_of(shell, fmt::format("echo x >> {}; read a < {}; exit 0", begun, gate)); });
  ASSERT_TRUE(comes_true([&] { return fs::exists(begun) && fs::file_size(begun) == 2 * SessionPool::most_sessions; }));
  EXPECT_EQ(message_of([&] { shell.run("router", "true", Deadline("one more", seconds(1)), {}); }),
            "ssh on router: 6 commands run already: one more: no answer within 1 s");
  std::jthread last([&] { EXPECT_EQ(output_of(shell, "echo late"), "late\n"); });
  std::ofstream(gate) << "1\n2\n3\n4\n5\n6\n";  // each reader takes one line, or the end of the file
  threads.clear();
}

// The server hangs up when something is sent for a channel that it has closed.
TEST_F(SshNodeShellTest, ACommandThatIsAbandonedLosesNoConnection) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  for (int i = 0; i < 20; ++i) {
    const auto refuse = [](std::string_view) { throw Error("enough"); };
    const std::string flood = "head -c 900000 /dev/zero; echo terminated >&2";
    EXPECT_THAT(message_of([&] { shell.stream("router", flood, refuse, soon(), {}, {}); }), HasSubstr("enough"));
    EXPECT_EQ(output_of(shell, "sleep 0.2; echo works"), "works\n");
  }
}

TEST_F(SshNodeShellTest, ACommandIsFedAndItsInputEnds) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  std::string bytes(900'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 % 251);
  const std::string copy = scratch_ / "copy";
  const CommandResult fed = shell.feed("router", "cat > " + copy + "; echo done; exit 3", bytes, soon(), {});
  EXPECT_EQ(fed.exit_status, 3);
  EXPECT_EQ(fed.output, "done\n");
  EXPECT_TRUE(read_whole_file(copy) == bytes);
  // One that does not take it all.
  EXPECT_EQ(shell.feed("router", "head -c 3", "abcdef", soon(), {}).output, "abc");
}

TEST_F(SshNodeShellTest, ProgramsAreLookedForInThePathOfTheTargetFirst) {
  const auto server = start_server();
  std::filesystem::create_directory(scratch_ / "tools");
  std::ofstream(scratch_ / "tools/id") << "#!/bin/sh\necho ours\n";
  std::filesystem::permissions(scratch_ / "tools/id", std::filesystem::perms::owner_all);
  SshTarget there = target();
  there.path = scratch_ / "tools";
  SshNodeShell shell({{"router", there}});
  shell.connect("router", soon(), {});
  EXPECT_EQ(output_of(shell, "id; command -v cat"), "ours\n/usr/bin/cat\n");
}

TEST_F(SshNodeShellTest, ALostConnectionStaysLostUntilOneConnectsAgain) {
  const auto server = start_server();
  SshNodeShell shell({{"router", target()}});
  shell.connect("router", soon(), {});
  const auto cut = [&](std::string_view) { server->signal_connections(SIGKILL); };
  // The kernel says "disconnected", or "Connection reset by peer" when bytes that the server did not read are left.
  const std::string lost = node_name + "the connection was lost: ";
  const std::string first = message_of([&] { shell.stream("router", "echo runs; sleep 60", cut, soon(), {}, {}); });
  ASSERT_THAT(first, StartsWith(lost + "Socket error: "));
  EXPECT_EQ(message_of([&] { output_of(shell, "true"); }),
            "ssh on router: the connection was lost before: " + first.substr(lost.size()));
  shell.connect("router", soon(), {});
  EXPECT_EQ(output_of(shell, "echo again"), "again\n");
}

class SudoTest : public SshNodeShellTest {
 protected:
  void SetUp() override {
    SshNodeShellTest::SetUp();
    if (!IsSkipped() && !fs::exists("/usr/bin/sudo")) GTEST_SKIP() << "sudo is not installed";
  }
  SshTarget as_tester() const {
    SshTarget there = target();
    there.server.user = "tester";
    there.sudo = true;
    return there;
  }
};

TEST_F(SudoTest, CommandsOfAnOrdinaryUserRunAsRoot) {
  add_user("tester", "ALL=(ALL) NOPASSWD: ALL");
  const auto server = start_server();
  SshNodeShell shell({{"router", as_tester()}});
  shell.connect("router", soon(), {});
  const CommandResult result = shell.run("router", "id -un; echo \"it's\" '$HOME' >&2; exit 7", soon(), {});
  EXPECT_EQ(result.output, "root\n");
  EXPECT_EQ(result.errors, "it's $HOME\n");
  EXPECT_EQ(result.exit_status, 7);
}

TEST_F(SudoTest, BytesPassAsTheyAre) {
  add_user("tester", "ALL=(ALL) NOPASSWD: ALL");
  const auto server = start_server();
  SshNodeShell shell({{"router", as_tester()}});
  shell.connect("router", soon(), {});
  EXPECT_EQ(output_of(shell, "printf '\\r\\n\\000\\377\\003\\004'"), std::string("\r\n\0\377\003\004", 6));
  EXPECT_EQ(output_of(shell, "seq 200000").size(), 1288895U);
}

TEST_F(SudoTest, ACommandEndsWhenItIsEnough) {
  add_user("tester", "ALL=(ALL) NOPASSWD: ALL");
  const auto server = start_server();
  SshNodeShell shell({{"router", as_tester()}});
  shell.connect("router", soon(), {});
  std::stop_source enough;
  std::string output;
  const auto keep = [&](std::string_view chunk) {
    output += chunk;
    enough.request_stop();
  };
  shell.stream("router", "echo begins; cat; echo ends", keep, soon(), {}, enough.get_token());
  EXPECT_EQ(output, "begins\nends\n");
}

TEST_F(SudoTest, ASudoThatAsksForAPasswordIsOneClearError) {
  add_user("tester", "ALL=(ALL) ALL");
  const auto server = start_server();
  SshNodeShell shell({{"router", as_tester()}});
  try {
    shell.connect("router", soon(), {});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "ssh on router: tester@127.0.0.1 port 2222: sudo asks for a password");
    EXPECT_THAT(error.remedy(), HasSubstr("NOPASSWD"));
  }
}

}  // namespace
}  // namespace offlab::test
