// SSH to a server that is reached through others only: it listens on the loopback of another network namespace.
#include <csignal>

#include <gmock/gmock.h>

#include "adapter/ssh_servers.h"
#include "ssh/ssh_session.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

const std::string way = "root@127.0.0.1 port 2223 through root@10.9.0.2 port 2222: ";
const std::string jump_name = "root@10.9.0.2 port 2222: ";

class SshJumpTest : public SshTest {
 protected:
  void SetUp() override {
    SshTest::SetUp();
    if (!IsSkipped()) far_ = std::make_unique<FarNetwork>();
  }
  std::unique_ptr<SshServerProcess> start_far(const std::string& address) const {
    return std::make_unique<SshServerProcess>(address, dropbear_key_, far_->holder());
  }
  SshTarget through_jump() const {
    SshTarget there = target(2223);
    there.jumps = {target(2222).server};
    there.jumps[0].host = "10.9.0.2";
    return there;
  }

  std::unique_ptr<FarNetwork> far_;
};

CommandEnd stream(SshSession& session, const std::string& command, const OutputSink& sink,
                  const Deadline& deadline = soon()) {
  return session.stream(command, sink, deadline, {});
}

std::string output_of(SshSession& session, const std::string& command) {
  std::string output;
  stream(session, command, [&](std::string_view chunk) { output += chunk; });
  return output;
}

TEST_F(SshJumpTest, ACommandRunsBehindTheJumpHost) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshSession session(through_jump(), soon(), {});
  EXPECT_THAT(output_of(session, "echo $SSH_CONNECTION"), HasSubstr("127.0.0.1 2223"));
  EXPECT_THAT(message_of([&] { SshSession(target(2223), Deadline("without it", seconds(1)), {}); }),
              HasSubstr("Connection refused"));
}

TEST_F(SshJumpTest, TheJumpHostLooksTheNameUp) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshTarget there = through_jump();
  there.server.host = "localhost";
  SshSession session(there, soon(), {});
  EXPECT_EQ(output_of(session, "echo hello"), "hello\n");
}

TEST_F(SshJumpTest, ALongOutputComesWhole) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshSession session(through_jump(), soon(), {});
  const std::string output = output_of(session, "seq 1400000");
  EXPECT_EQ(output.size(), 10088896U);
  EXPECT_THAT(output, testing::EndsWith("\n1400000\n"));
}

TEST_F(SshJumpTest, AChainOfJumpHostsIsPassed) {
  const auto first = start_far("10.9.0.2:2222");
  const auto second = start_far("127.0.0.1:2223");
  const auto server = start_far("127.0.0.1:2224");
  SshTarget there = through_jump();
  there.jumps.push_back(there.server);
  there.server.port = 2224;
  SshSession session(there, soon(), {});
  EXPECT_THAT(output_of(session, "echo $SSH_CONNECTION"), HasSubstr("127.0.0.1 2224"));
}

TEST_F(SshJumpTest, AJumpHostThatDiesInMidCommandIsNamed) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshSession session(through_jump(), soon(), {});
  const auto cut = [&](std::string_view) { jump->signal_connections(SIGKILL); };
  EXPECT_THAT(message_of([&] { stream(session, "echo runs; sleep 60", cut); }),
              StartsWith(way + "the connection was lost: " + jump_name + "the connection was lost: "));
}

TEST_F(SshJumpTest, AServerThatDiesBehindTheJumpHostIsNotTheJumpHostsFault) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshSession session(through_jump(), soon(), {});
  const auto cut = [&](std::string_view) { server->signal_connections(SIGKILL); };
  EXPECT_THAT(message_of([&] { stream(session, "echo runs; sleep 60", cut); }),
              AllOf(StartsWith(way + "the connection was lost: "), testing::Not(HasSubstr("lost: " + jump_name))));
}

TEST_F(SshJumpTest, AJumpHostThatHangsIsAnErrorAtTheDeadline) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  SshSession session(through_jump(), soon(), {});
  const auto stop = [&](std::string_view) { jump->signal_connections(SIGSTOP); };
  EXPECT_EQ(
      message_of([&] { stream(session, "echo runs; sleep 5; echo late", stop, Deadline("a command", seconds(2))); }),
      way + "a command: no answer within 2 s");
}

TEST_F(SshJumpTest, AServerBehindTheJumpHostIsWaitedFor) {
  const auto jump = start_far("10.9.0.2:2222");
  std::string message = message_of([&] { SshSession(through_jump(), Deadline("a login", seconds(1)), {}); });
  EXPECT_THAT(message, StartsWith(way + "a login: no answer within 1 s: connecting from root@10.9.0.2 port 2222: "));
  EXPECT_THAT(message, HasSubstr("refused"));
}

TEST_F(SshJumpTest, AJumpHostThatRefusesUsIsNamed) {
  const auto jump = start_far("10.9.0.2:2222");
  SshTarget there = through_jump();
  there.jumps[0].user_key = other_keys().user_key;
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }), StartsWith(way + jump_name + "logging in as root"));
}

TEST_F(SshJumpTest, TheHostKeysOfBothAreChecked) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  const PinnedKeys other = {other_keys().host_public};
  SshTarget there = through_jump();
  there.server.host_keys = other;
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }), StartsWith(way + "it presents another host key"));
  there = through_jump();
  there.jumps[0].host_keys = other;
  EXPECT_THAT(message_of([&] { SshSession(there, soon(), {}); }),
              StartsWith(way + jump_name + "it presents another host key"));
}

TEST_F(SshJumpTest, TheGreetingIsAwaitedThroughTheJumpHost) {
  const auto jump = start_far("10.9.0.2:2222");
  const auto server = start_far("127.0.0.1:2223");
  EXPECT_EQ(message_of([&] { await_greeting(through_jump(), soon(), {}); }), "(no error)");
}

}  // namespace
}  // namespace offlab::test
