// One SSH session with a real server.
#include "ssh/ssh_session.h"

#include <csignal>
#include <fstream>
#include <future>
#include <thread>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "adapter/ssh_servers.h"

namespace offlab::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string server_name = "root@127.0.0.1 port 2222: ";

class SshSessionTest : public SshTest {
 protected:
  SshSession connect(const Deadline& deadline = soon()) { return SshSession(target(), deadline, {}); }
  void known_hosts(const std::string& text) { std::ofstream(scratch_ / "known_hosts") << text; }
  std::string login_with_known_hosts() {
    SshTarget there = target();
    there.server.host_keys = KnownHostsFile{scratch_ / "known_hosts"};
    return message_of([&] { SshSession(there, soon(), {}); });
  }
};

CommandResult run(SshSession& session, const std::string& command, const Deadline& deadline = soon(),
                  const std::stop_token& stop = {}) {
  std::string output;
  const auto keep = [&](std::string_view chunk) { output += chunk; };
  const CommandEnd end = session.stream(command, keep, deadline, stop);
  return {end.exit_status, output, end.errors};
}

TEST_F(SshSessionTest, ACommandGivesOutputErrorsAndExitStatus) {
  const auto server = start_server();
  SshSession session = connect();
  const CommandResult result = run(session, "echo out; echo err >&2; exit 7");
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors, "err\n");
  EXPECT_EQ(result.exit_status, 7);
}

TEST_F(SshSessionTest, ALongOutputComesWhole) {
  const auto server = start_server();
  SshSession session = connect();
  const CommandResult result = run(session, "seq 200000");
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.output.size(), 1288895U);
  EXPECT_THAT(result.output, EndsWith("\n200000\n"));
}

TEST_F(SshSessionTest, OfManyErrorsTheLastAreKept) {
  const auto server = start_server();
  SshSession session = connect();
  const CommandResult result = run(session, "seq 200000 >&2; echo out");
  EXPECT_EQ(result.output, "out\n");
  EXPECT_EQ(result.errors.size(), NodeShell::longest_errors);
  EXPECT_THAT(result.errors, EndsWith("\n200000\n"));
}

TEST_F(SshSessionTest, ACommandThatASignalEndedHasNoExitStatus) {
  const auto server = start_server();
  SshSession session = connect();
  const CommandResult result = run(session, "echo before; kill -KILL $$");
  EXPECT_EQ(result.output, "before\n");
  EXPECT_EQ(result.exit_status, -1);
  EXPECT_EQ(run(session, "echo alive").output, "alive\n");
}

TEST_F(SshSessionTest, ACommandThatClosesItsOutputIsWaitedFor) {
  const auto server = start_server();
  SshSession session = connect();
  EXPECT_EQ(run(session, "exec >&- 2>&-; sleep 0.3; exit 5").exit_status, 5);
}

TEST_F(SshSessionTest, ManyCommandsRunOneAfterTheOther) {
  const auto server = start_server();
  SshSession session = connect();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(run(session, "echo " + std::to_string(i)).output, std::to_string(i) + "\n");
}

TEST_F(SshSessionTest, AServerThatComesUpLaterIsWaitedFor) {
  auto login = std::async(std::launch::async, [&] { return connect(); });
  EXPECT_EQ(login.wait_for(milliseconds(700)), std::future_status::timeout);
  const auto server = start_server();
  SshSession session = login.get();
  EXPECT_EQ(run(session, "true").exit_status, 0);
}

TEST_F(SshSessionTest, NobodyThereIsAnErrorAtTheDeadlineThatNamesTheWait) {
  EXPECT_EQ(message_of([&] { connect(Deadline("ssh on router", seconds(1))); }),
            server_name + "ssh on router: no answer within 1 s: Connection refused");
}

TEST_F(SshSessionTest, AHostIsFoundByItsName) {
  const auto server = start_server();
  SshTarget there = target();
  there.server.host = "localhost";
  SshSession session(there, soon(), {});
  EXPECT_EQ(run(session, "true").exit_status, 0);
  there.server.host = "no-such-host.invalid";
  EXPECT_THAT(
      message_of([&] { SshSession(there, soon(2), {}); }),
      AllOf(StartsWith("root@no-such-host.invalid port 2222: "), HasSubstr("looking up 'no-such-host.invalid'")));
}

TEST_F(SshSessionTest, AnotherHostKeyThanThePinnedOneIsRefused) {
  const auto server = start_server();
  SshTarget there = target();
  there.server.host_keys = PinnedKeys{other_keys().host_public};
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }),
              AllOf(StartsWith(server_name), HasSubstr("it presents another host key (ssh-ed25519 SHA256:")));
  there.server.host_keys = PinnedKeys{};
  EXPECT_EQ(message_of([&] { SshSession(there, soon(), {}); }), server_name + "nobody told its host key");
  there.server.host_keys = PinnedKeys{other_keys().host_public, keys_.host_public};
  EXPECT_EQ(message_of([&] { SshSession(there, soon(), {}); }), "(no error)");
}

TEST_F(SshSessionTest, AHostKeyInKnownHostsIsAccepted) {
  const auto server = start_server();
  known_hosts("[127.0.0.1]:2222 " + keys_.host_public + "\n");
  EXPECT_EQ(login_with_known_hosts(), "(no error)");
}

TEST_F(SshSessionTest, AHostKeyThatKnownHostsDoesNotHaveIsRefused) {
  const auto server = start_server();
  EXPECT_THAT(login_with_known_hosts(), AllOf(StartsWith(server_name), HasSubstr("is unknown")));  // no such file
  EXPECT_FALSE(fs::exists(scratch_ / "known_hosts"));
  known_hosts("127.0.0.1 " + keys_.host_public + "\n[127.0.0.1]:22222 " + keys_.host_public + "\n");
  EXPECT_THAT(login_with_known_hosts(), AllOf(HasSubstr("its host key (ssh-ed25519 SHA256:"),
                                              EndsWith("known_hosts does not have it for [127.0.0.1]:2222")));
}

TEST_F(SshSessionTest, AHostKeyThatChangedIsRefused) {
  const auto server = start_server();
  known_hosts("[127.0.0.1]:2222 " + other_keys().host_public + "\n");
  EXPECT_THAT(login_with_known_hosts(), AllOf(HasSubstr("it presents another host key (ssh-ed25519 SHA256:"),
                                              EndsWith("known_hosts has for [127.0.0.1]:2222")));
}

TEST_F(SshSessionTest, AnotherUserKeyIsRefused) {
  const auto server = start_server();
  SshTarget there = target();
  there.server.user_key = other_keys().user_key;
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }),
              AllOf(StartsWith(server_name), HasSubstr("logging in as root with ")));
  there.server.user_key = scratch_ / "none";
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }), HasSubstr("none is no private key"));
}

TEST_F(SshSessionTest, AnotherPortAndUserAreUsed) {
  add_user("tester", "ALL=(ALL) NOPASSWD: ALL");
  const auto server = start_server(2244);
  SshTarget there = target(2244);
  there.server.user = "tester";
  SshSession session(there, soon(), {});
  EXPECT_EQ(run(session, "id -un").output, "tester\n");
}

TEST_F(SshSessionTest, ACommandThatHangsIsAnErrorAtTheDeadline) {
  const auto server = start_server();
  SshSession session = connect();
  EXPECT_EQ(message_of([&] { run(session, "sleep 60", Deadline("a sleep", seconds(1))); }),
            server_name + "a sleep: no answer within 1 s");
  EXPECT_EQ(run(session, "echo alive").output, "alive\n");
}

TEST_F(SshSessionTest, AServerThatHangsIsAnErrorAtTheDeadline) {
  const auto server = start_server();
  SshSession session = connect();
  server->signal_connections(SIGSTOP);
  EXPECT_EQ(message_of([&] { run(session, "true", Deadline("a command", seconds(1))); }),
            server_name + "a command: no answer within 1 s");
}

TEST_F(SshSessionTest, ADeadlinePassesInMidStream) {
  const auto server = start_server();
  SshSession session = connect();
  std::size_t seen = 0;
  const auto count = [&](std::string_view chunk) { seen += chunk.size(); };
  EXPECT_EQ(message_of([&] { session.stream("yes", count, Deadline("a stream", seconds(1)), {}); }),
            server_name + "a stream: no answer within 1 s");
  EXPECT_GT(seen, 100000U);
  EXPECT_EQ(run(session, "echo alive").output, "alive\n");
}

TEST_F(SshSessionTest, ALostConnectionInMidCommandIsAnError) {
  const auto server = start_server();
  SshSession session = connect();
  const auto cut = [&](std::string_view) { server->signal_connections(SIGKILL); };
  const std::string message = message_of([&] { session.stream("echo runs; sleep 60", cut, soon(30), {}); });
  EXPECT_THAT(message, StartsWith(server_name + "the connection was lost: "));
  EXPECT_FALSE(session.is_connected());
  EXPECT_THAT(message_of([&] { run(session, "true"); }), StartsWith(server_name + "the connection was lost: "));
}

TEST_F(SshSessionTest, AStopEndsAWaitAtOnce) {
  const auto server = start_server();
  SshSession session = connect();
  std::stop_source stop;
  const auto end = [&](std::string_view) { stop.request_stop(); };
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(session.stream("echo runs; sleep 60", end, soon(30), stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(5));
}

TEST_F(SshSessionTest, AStopEndsAHandshakeThatHangs) {
  const auto server = start_server();
  SshSession session = connect();
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(milliseconds(300));
    stop.request_stop();
  });
  ASSERT_EQ(kill(server->process(), SIGSTOP), 0);  // the kernel still takes connections for it
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(SshSession(target(), soon(30), stop.get_token()), Interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(5));
}

TEST_F(SshSessionTest, ACommandEndsWhenItIsEnough) {
  const auto server = start_server();
  SshSession session = connect();
  std::stop_source enough;
  std::string output;
  const auto keep = [&](std::string_view chunk) {
    output += chunk;
    enough.request_stop();
  };
  const CommandEnd end = session.stream("echo begins; cat; echo ends", keep, soon(), {}, enough.get_token());
  EXPECT_EQ(output, "begins\nends\n");
  EXPECT_EQ(end.exit_status, 0);
}

// The server's window and the sockets hold what was printed meanwhile, which is far less than all of it.
TEST_F(SshSessionTest, ACommandWaitsForASlowSink) {
  constexpr std::size_t blocks = 1000;
  constexpr std::size_t block = 10240;
  const auto server = start_server();
  SshSession session = connect();
  const std::string progress = scratch_ / "progress";
  const auto printed = [&] { return fs::exists(progress) ? std::atoi(read_text(progress).c_str()) : 0; };
  std::size_t seen = 0;
  std::size_t chunks = 0;
  int at_rest = 0;
  const auto sink = [&](std::string_view chunk) {
    seen += chunk.size();
    if (chunks++ != 0) return;
    for (int before = -1; before != at_rest || at_rest == 0; at_rest = printed()) {
      before = at_rest;
      std::this_thread::sleep_for(milliseconds(300));
    }
  };
  const std::string printing = fmt::format(
      "i=0; while [ $i -lt {} ]; do head -c {} /dev/zero; i=$((i+1)); echo $i > {}; done", blocks, block, progress);
  const CommandEnd end = session.stream(printing, sink, soon(50), {});
  EXPECT_EQ(end.exit_status, 0);
  EXPECT_EQ(seen, blocks * block);
  EXPECT_GT(chunks, 100U);
  EXPECT_LT(at_rest, 500);
}

TEST_F(SshSessionTest, ASinkThatThrowsEndsTheCall) {
  const auto server = start_server();
  SshSession session = connect();
  const auto full = [](std::string_view) { throw Error("the disk is full"); };
  EXPECT_EQ(message_of([&] { session.stream("yes", full, soon(), {}); }), server_name + "the disk is full");
  EXPECT_EQ(run(session, "echo alive").output, "alive\n");
}

TEST_F(SshSessionTest, PrivateKeysAreReadableByTheirOwnerOnly) {
  for (const fs::path& file : {keys_.user_key, keys_.host_key})
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write) << file;
}

}  // namespace
}  // namespace offlab::test
