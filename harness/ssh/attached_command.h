// A command in a guest with this process's stdin, stdout and stderr.
#pragma once

#include <functional>
#include <string>

#include "ssh/ssh_session.h"

namespace offlab {

struct AttachedCommand {
  std::string command;    // empty: a login shell
  bool terminal = false;  // with a terminal of its own, whose size follows ours; ours must be raw
};

// Runs until the command ends and returns its exit status, 255 when a signal ended it. It has no deadline: whoever
// started it decides when it ends. `guest_runs` is asked often; when it says no, or the connection is lost, Error.
int run_attached(SshSession& session, const AttachedCommand& what, const std::function<bool()>& guest_runs);

// Makes the terminal on stdin pass every key on, unprocessed. Whoever stays behind puts it back.
void make_terminal_raw();

}  // namespace offlab
