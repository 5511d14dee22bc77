// Runs commands as root on the nodes.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/deadline.h"
#include "base/error.h"

namespace offlab {

// The node answers, and does not let us in: it refuses the login, presents another host key, or gives no root rights.
class AccessRefused : public Error {
 public:
  using Error::Error;
};

struct CommandResult {
  int exit_status = -1;  // -1: a signal ended it
  std::string output;    // stdout
  std::string errors;    // stderr, as in CommandEnd
};

// How a command ended whose output went elsewhere.
struct CommandEnd {
  int exit_status = -1;  // -1: a signal ended it
  std::string errors;    // stderr; when it is longer than NodeShell::longest_errors, the last part
};

// Takes what a command prints to stdout, in chunks of bytes, as it comes. Runs in the thread that asked for the
// command; while it does not return, the command waits. What it throws ends the call.
using OutputSink = std::function<void(std::string_view chunk)>;

// Calls may come from several threads at a time, for one node, too: their commands then run at the same time.
class NodeShell {
 public:
  static constexpr std::size_t longest_errors = std::size_t{64} * 1024;
  static constexpr std::size_t longest_output = std::size_t{4} * 1024 * 1024;
  // Of a transfer, as JSON: an hour of one stream, 13 minutes of a hundred.
  static constexpr std::size_t longest_report = std::size_t{64} * 1024 * 1024;

  virtual ~NodeShell() = default;

  // Waits until the node's SSH server greets; nobody logs in.
  virtual void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Waits until the node answers; returns after an authenticated handshake.
  virtual void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Throws when the deadline passes or the connection is lost; an exit status other than 0 is a result. The command's
  // stdin stays open and empty until `enough` is asked to stop: a command that watches it can then end early, and what
  // it still prints comes as ever. A command that is left (deadline, stop, a sink that throws) loses its stdin and
  // whoever listens to it; it is not killed.
  virtual CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink,
                            const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) = 0;

  // `stream` with the output as a whole. Throws Error when there are more than `limit` bytes of it: whatever a guest
  // prints must not fill the host's memory.
  CommandResult run_until(const std::string& node, const std::string& command, const Deadline& deadline,
                          const std::stop_token& stop, const std::stop_token& enough,
                          std::size_t limit = longest_output);
  CommandResult run(const std::string& node, const std::string& command, const Deadline& deadline,
                    const std::stop_token& stop);
  // Runs a command that has `input` on its stdin, which ends after it. Throws as `stream` does, and Error where nothing
  // can be sent to a command.
  virtual CommandResult feed(const std::string& node, const std::string& command, std::string_view input,
                             const Deadline& deadline, const std::stop_token& stop);
};

}  // namespace offlab
