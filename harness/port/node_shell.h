// Runs commands as root in the guests.
#pragma once

#include <stop_token>
#include <string>

#include "base/deadline.h"

namespace offlab {

struct CommandResult {
  int exit_status = -1;
  std::string output;  // stdout
  std::string errors;  // stderr
};

class NodeShell {
 public:
  virtual ~NodeShell() = default;

  // Waits until the guest's SSH server greets; nobody logs in.
  virtual void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Waits until the guest answers; returns after an authenticated handshake.
  virtual void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) = 0;
  // Throws when the deadline passes or the connection is lost; an exit status other than 0 is a result.
  // Calls for different nodes may run at the same time.
  virtual CommandResult run(const std::string& node, const std::string& command, const Deadline& deadline,
                            const std::stop_token& stop) = 0;
  // The same with a stdin that stays open and empty until `enough` is asked to stop: a command that watches it can then
  // end early, and what it still prints is its result.
  virtual CommandResult run_until(const std::string& node, const std::string& command, const Deadline& deadline,
                                  const std::stop_token& stop, const std::stop_token& enough) = 0;
};

}  // namespace offlab
