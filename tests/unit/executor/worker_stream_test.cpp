// A worker as a real process: one that says hello, one that does not, one that is gone.
#include "executor/worker_stream.h"

#include <chrono>

#include <gtest/gtest.h>

#include "base/error.h"
#include "process/pipe.h"
#include "process/spawn.h"

namespace offlab {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// A shell in the place of a worker.
std::unique_ptr<WorkerStream> worker(const std::string& script) {
  Pipe input = make_pipe();
  Pipe output = make_pipe();
  Spawn shell;
  shell.arguments = {"sh", "-c", script};
  shell.input = input.read.get();
  shell.output = output.write.get();
  const pid_t pid = spawn(shell);
  EXPECT_GT(pid, 0);
  return std::make_unique<WorkerStream>(IsolatedProcess{pid, std::move(input.write), std::move(output.read)},
                                        std::stop_token());
}

std::string saying(const Message& message) {
  return "echo '" + message_to_line(message) + "'; ";
}

std::string hello() {
  return saying(message::Hello{message::protocol, "0.1.0", 2, {1000}});
}

std::string error_of(WorkerStream& stream) {
  try {
    stream.greet();
  } catch (const Error& error) {
    return error.what() + (error.remedy().empty() ? "" : " (" + error.remedy() + ")");
  }
  return "no Error";
}

TEST(WorkerStream, TakesTheWorkersHello) {
  const message::Hello said = worker(hello() + "cat > /dev/null")->greet();
  EXPECT_EQ(said.version, "0.1.0");
  EXPECT_EQ(said.cpus, 2U);
}

TEST(WorkerStream, AWorkerOfAnotherProtocolIsRefused) {
  const std::string error =
      error_of(*worker(saying(message::Hello{message::protocol + 1, "9.9", 2, {1000}}) + "cat > /dev/null"));
  EXPECT_NE(error.find("offlab 9.9, speaks protocol 3"), std::string::npos) << error;
  EXPECT_NE(error.find("use the same version"), std::string::npos) << error;
}

TEST(WorkerStream, WithoutAHelloThereIsAReason) {
  EXPECT_EQ(error_of(*worker("exit 0")), "the worker ended before it said hello");
  EXPECT_EQ(error_of(*worker(saying(message::Failed{"no tun", "load it"}))), "no tun (load it)");
  EXPECT_NE(error_of(*worker(saying(message::Done{}))).find("something else than hello"), std::string::npos);
  EXPECT_NE(error_of(*worker("echo sh: not found")).find("not a message: 'sh: not found'"), std::string::npos);
}

TEST(WorkerStream, TheRequestIsALineAndTheWayToItStaysOpen) {
  const auto stream = worker(hello() + "read -r line; [ \"$line\" = 'the request' ] && " + saying(message::Done{}) +
                             "read -r more || " + saying(message::Refused{"stdin was closed"}));
  stream->greet();
  stream->send("the request");
  EXPECT_EQ(stream->next(Deadline("the answer", seconds(5))), Message(message::Done{}));
  EXPECT_THROW(stream->next(Deadline("the end of stdin", std::chrono::milliseconds(30))), Error)
      << "the worker's stdin was closed behind the request";
}

TEST(WorkerStream, ARequestToAWorkerThatIsGoneEndsNobodyElse) {
  const auto stream = worker(hello() + "exit 0");
  stream->greet();
  EXPECT_EQ(stream->next(Deadline("its end", seconds(5))), std::nullopt);
  stream->send(std::string(1'000'000, 'x'));
}

TEST(WorkerStream, AWorkerThatDoesNotListenIsKilled) {
  auto stream = worker("trap '' TERM; " + hello() + "while :; do read -r line || sleep 60; done");
  stream->greet();
  const auto begin = steady_clock::now();
  stream.reset();
  EXPECT_LT(steady_clock::now() - begin, seconds(4));
}

}  // namespace
}  // namespace offlab
