#include "lab/stream_check.h"

#include <sstream>
#include <thread>

#include <fmt/core.h>

#include "base/digest.h"
#include "base/error.h"
#include "lab/guest_program.h"
#include "lab/run_commands.h"
#include "plan/deadlines.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr const char* received_file = "/tmp/offlab-received";

// Asks `ended` to stop after `limit`, unless it goes away before.
std::jthread end_after(milliseconds limit, Clock& clock, std::stop_source& ended) {
  return std::jthread([end = clock.now() + limit, &clock, &ended](const std::stop_token& over) {
    clock.wait_until(end, over);
    if (!over.stop_requested()) ended.request_stop();
  });
}

// The digest that sha256sum printed; empty when it is none.
std::string digest_of(const std::string& line) {
  const std::string word = line.substr(0, line.find(' '));
  return word.size() == 64 && is_hex(word) ? word : "";
}

// Counts and sums up what came, when the command has ended.
std::string summed_up(const std::string& command) {
  return fmt::format("( {0} ); s=$?; wc -c < {1}; sha256sum < {1}; rm {1}; exit $s", ended_by_input(command),
                     received_file);
}

struct Received {
  std::string output;   // of summed_up
  std::string trouble;  // why it did not end well by itself
};

// The receiver connects and takes what comes.
Received pull(NodeShell& shell, Clock& clock, const step::CheckStream& stream, milliseconds limit,
              const std::stop_token& stop, std::stop_source& ended) {
  const std::jthread timer = end_after(limit, clock, ended);
  const CommandResult result = shell.run_until(
      stream.receiver, summed_up(fmt::format("nc {} {} > {}", to_string(stream.address), stream.port, received_file)),
      Deadline(fmt::format("{} bytes from {} to {}", stream.bytes, stream.sender, stream.receiver),
               limit + limits::command, clock),
      stop, ended.get_token());
  return {result.output, fmt::format("(status {}) {}", result.exit_status, result.errors)};
}

// The sender connects, sends the file and waits until the receiver has it all.
Received push(NodeShell& shell, Clock& clock, const step::CheckStream& stream, milliseconds limit,
              const std::stop_token& stop, std::stop_source& ended) {
  GuestProgram listener(
      shell, clock,
      {stream.receiver, summed_up(fmt::format("nc -l -p {} -e dd of={} bs=64k", stream.listening_port, received_file)),
       "the receiver of the fixed-byte transfer", limit + 2 * limits::command},
      stop);
  // A listener that is not there yet refuses the connection.
  const std::string sending =
      fmt::format("until nc {} {} < {}; do sleep 0.05; done", to_string(stream.address), stream.port, stream_file);
  std::string trouble;
  {
    const std::jthread timer = end_after(limit, clock, ended);
    const CommandResult sent =
        shell.run_until(stream.sender, ended_by_input(fmt::format("sh -c '{}'", sending)),
                        Deadline(fmt::format("{} bytes from {} to {}", stream.bytes, stream.sender, stream.receiver),
                                 limit + limits::command, clock),
                        stop, ended.get_token());
    if (sent.exit_status != 0) trouble = fmt::format("(status {}) {}", sent.exit_status, sent.errors);
  }
  listener.ask_to_end();
  std::string output = listener.take(trouble);
  return {std::move(output), std::move(trouble)};
}

void transfer(NodeShell& shell, Clock& clock, const step::CheckStream& stream, milliseconds limit,
              const std::stop_token& stop, StreamOutput& output) {
  std::stop_source ended;
  const Received received = stream.sender_connects ? push(shell, clock, stream, limit, stop, ended)
                                                   : pull(shell, clock, stream, limit, stop, ended);
  std::istringstream lines(received.output);
  std::string digest;
  lines >> output.received_bytes;
  std::getline(lines >> std::ws, digest);
  output.received_sha256 = digest_of(digest);
  if (ended.stop_requested() && output.received_bytes < stream.bytes)
    output.trouble = fmt::format("{} of {} bytes in {:.1f} s", output.received_bytes, stream.bytes,
                                 static_cast<double>(limit.count()) / 1000);
  else if (output.received_bytes < stream.bytes)
    output.trouble = fmt::format("{} of {} bytes, then the connection ended {}", output.received_bytes, stream.bytes,
                                 received.trouble);
}

}  // namespace

StreamOutput check_stream(NodeShell& shell, Clock& clock, const step::CheckStream& stream, milliseconds limit,
                          const std::stop_token& stop) {
  StreamOutput output;
  output.asked_bytes = stream.bytes;
  std::jthread at_sender([&] {
    try {
      const CommandResult result =
          shell.run(stream.sender, fmt::format("read -r digest rest < {} && echo $digest", stream_digest_file),
                    Deadline(fmt::format("the digest on {}", stream.sender), limits::command, clock), stop);
      output.sent_sha256 = digest_of(result.output.substr(0, result.output.find('\n')));
    } catch (const std::exception&) {  // the digest is missing then, which the verdict tells
    }
  });
  transfer(shell, clock, stream, limit, stop, output);
  at_sender.join();
  if (output.trouble.empty() && output.sent_sha256.empty()) output.trouble = "the sender did not tell its digest";
  return output;
}

}  // namespace offlab
