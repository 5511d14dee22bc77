// Commands of an ordinary user that run as root.
#pragma once

#include <string>

#include "ssh/ssh_session.h"

namespace offlab {

// The command line that runs a script as root, or fails at once where a password would be asked for.
std::string as_root(const std::string& script);

// The command line that runs a script on the target: as root with sudo, and with the target's path.
std::string command_line(const SshTarget& target, const std::string& script);

// Throws Error with a remedy when the session's user may not run commands as root without a password.
void check_sudo(SshSession& session, const Deadline& deadline, const std::stop_token& stop);

// Why the probe of check_sudo failed.
AccessRefused sudo_refusal(const std::string& user, const CommandEnd& probe);

}  // namespace offlab
