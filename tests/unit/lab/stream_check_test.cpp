// The fixed-byte transfer: what arrived, both digests, and why it did not come to its end.
#include "lab/stream_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/demo_lab.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// sha256sum of nothing, and another.
const std::string sent = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const std::string other = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

class StreamOfALab : public RunningDemoLab {
 protected:
  StreamOfALab() {
    world.shell.fixed_bytes.bytes = asked;
    world.shell.fixed_bytes.digest = sent;
    told() = sent + "  -\n";
  }

  std::string& told() { return world.shell.guest("server").files[stream_digest_file]; }
  step::CheckStream step() const {
    for (const Step& one : leg_of(broken(), LegRole::measured).steps)
      if (const auto* stream = std::get_if<step::CheckStream>(&one)) return *stream;
    throw std::logic_error("the demonstration checks no stream");
  }
  StreamOutput check(milliseconds limit = seconds(5)) {
    return check_stream(world.shell, world.clock, step(), limit, stop.get_token());
  }

  const std::uint64_t asked = leg_of(broken(), LegRole::measured).intent.integrity_bytes;
};

TEST_F(StreamOfALab, TellsBytesAndDigestsOfBothEnds) {
  const StreamOutput expected{asked, asked, sent, sent, ""};
  EXPECT_EQ(check(), expected);
}

// The client of an upload: its sender connects, and the receiver tells what came.
TEST_F(StreamOfALab, TellsTheSameWhereTheSenderConnects) {
  step::CheckStream pushed = step();
  pushed.sender_connects = true;
  pushed.port = pushed.listening_port = 5212;
  world.shell.react("client", "nc -l -p 5212", [&](const FakeNodeShell::Call&) {
    return CommandResult{0, std::to_string(asked) + "\n" + sent + "  -\n", ""};
  });
  std::string sending;
  world.shell.react("server", "until nc", [&](const FakeNodeShell::Call& call) {
    sending = call.script;
    return CommandResult{0, "", ""};
  });
  const StreamOutput expected{asked, asked, sent, sent, ""};
  EXPECT_EQ(check_stream(world.shell, world.clock, pushed, seconds(5), stop.get_token()), expected);
  EXPECT_NE(sending.find("5212 < /tmp/offlab-stream"), std::string::npos) << sending;
}

// Whether it is so is for the verdict to say.
TEST_F(StreamOfALab, OtherBytesAreNoTrouble) {
  world.shell.fixed_bytes.digest = other;
  const StreamOutput expected{asked, asked, sent, other, ""};
  EXPECT_EQ(check(), expected);
}

TEST_F(StreamOfALab, AConnectionThatEndsLeavesWhatArrivedAndWhatNcSays) {
  world.shell.fixed_bytes = {4096, milliseconds(300), other, 1, "nc: server closed connection"};
  const StreamOutput expected{asked, 4096, sent, other,
                              "4096 of 1000000 bytes, then the connection ended (status 1) nc: server closed "
                              "connection"};
  EXPECT_EQ(check(), expected);
}

TEST_F(StreamOfALab, OneThatTakesTooLongIsEnded) {
  world.shell.fixed_bytes.bytes = 999'999;
  world.shell.fixed_bytes.takes = seconds(60);
  const double begin = world.clock.seconds();
  EXPECT_EQ(check(milliseconds(800)).trouble, "999999 of 1000000 bytes in 0.8 s");
  EXPECT_NEAR(world.clock.seconds() - begin, 0.8, 0.001);
}

// The last byte came just then.
TEST_F(StreamOfALab, OneThatHasAllItsBytesWhenItIsEndedIsWhole) {
  world.shell.fixed_bytes.takes = seconds(60);
  EXPECT_EQ(check().trouble, "");
}

TEST_F(StreamOfALab, ASenderThatDoesNotTellItsDigestIsTrouble) {
  for (const char* text : {"", "sha256sum: can't open\n", "E3B0C44298FC1C149AFBF4C8996FB924  -\n"}) {
    told() = text;
    EXPECT_EQ(check(), (StreamOutput{asked, asked, "", sent, "the sender did not tell its digest"})) << text;
  }
  world.shell.guest("server").files.erase(stream_digest_file);
  EXPECT_EQ(check().trouble, "the sender did not tell its digest");
}

TEST_F(StreamOfALab, ASenderThatIsGoneIsTroubleToo) {
  world.shell.react("server", stream_digest_file, FakeNodeShell::lost_connection());
  EXPECT_EQ(check(), (StreamOutput{asked, asked, "", sent, "the sender did not tell its digest"}));
}

// Bytes that did not arrive say more than a digest that was not told.
TEST_F(StreamOfALab, MissingBytesAreToldBeforeAMissingDigest) {
  told() = "";
  world.shell.fixed_bytes.bytes = 0;
  EXPECT_THAT(check().trouble, testing::StartsWith("0 of 1000000 bytes, then the connection ended"));
}

TEST_F(StreamOfALab, AReceiverWhoseDigestIsNoneHasNone) {
  world.shell.fixed_bytes.digest = "sha256sum:";
  EXPECT_EQ(check(), (StreamOutput{asked, asked, sent, "", ""}));
}

TEST_F(StreamOfALab, AReceiverThatIsGoneIsAnError) {
  world.shell.react("client", "nc ", FakeNodeShell::lost_connection());
  EXPECT_EQ(error_of([&] { check(); }), "ssh on client: the connection is lost");
}

TEST_F(StreamOfALab, AReceiverThatFallsSilentIsAnErrorAfterItsDeadline) {
  world.shell.react("client", "nc ", world.shell.silence());
  EXPECT_EQ(error_of([&] { check(); }), "ssh on client: 1000000 bytes from server to client: no answer within 25 s");
}

TEST_F(StreamOfALab, AStopEndsIt) {
  world.shell.fixed_bytes.takes = seconds(60);
  world.clock.after(seconds(1), [&] { stop.request_stop(); });
  EXPECT_THROW(check(), Interrupted);
}

// A storm would draw it out.
TEST_F(StreamOfALab, AfterAStormItIsEndedSooner) {
  world.shell.fixed_bytes.bytes = 4096;
  world.shell.fixed_bytes.takes = seconds(60);
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.stream.value().trouble, "4096 of 1000000 bytes in 5.0 s");
  world.traffic.rates = {12.5e6, 1e6, 50};
  perform(broken(), LegRole::measured);
  EXPECT_EQ(seen.stream.value().trouble, "4096 of 1000000 bytes in 0.8 s");
}

}  // namespace
}  // namespace offlab
