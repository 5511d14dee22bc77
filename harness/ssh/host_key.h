// Is it the server that we mean?
#pragma once

#include <string>

#include <libssh/libssh.h>

#include "ssh/ssh_target.h"

namespace offlab {

// The signature algorithms that go with keys of these kinds, in OpenSSH's names, separated by commas. A server has keys
// of several kinds; it is asked for those that are pinned. Throws Error when one is no key.
std::string host_key_algorithms(const PinnedKeys& keys);

// Tells a session that is not connected yet which keys to ask for.
void expect_host_key(ssh_session session, const SshServer& server);
// Throws Error when the server presented another key, or one that nobody knows.
void check_host_key(ssh_session session, const SshServer& server);

}  // namespace offlab
