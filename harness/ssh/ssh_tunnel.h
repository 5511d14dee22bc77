// A way through an SSH server to another one, as `ssh -W` makes it.
#pragma once

#include "ssh/ssh_connection.h"
#include "ssh/ssh_session.h"

namespace offlab {

// Asks the server of `session` to connect to `server`. Tries again until the deadline while it says that nobody
// answers there.
SshConnection open_tunnel(SshSession session, const SshServer& server, const Deadline& deadline,
                          const std::stop_token& stop);

}  // namespace offlab
