// SSH to one guest.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include <libssh/libssh.h>

#include "base/error.h"
#include "base/handle.h"
#include "port/node_shell.h"

namespace offlab {

// Where a guest listens.
struct SshAddress {
  std::string host;       // an IPv4 or IPv6 address
  std::string interface;  // for a link-local address; empty otherwise
  std::uint16_t port = 22;
};

// Returns when an SSH server at `address` has sent its greeting. Tries again until the deadline.
void await_greeting(const SshAddress& address, const Deadline& deadline, const std::stop_token& stop);

// One connection. Used by one thread at a time.
class SshSession {
 public:
  // Connects, checks that the server presents `host_key`, and logs in as root with `user_key`. Tries again until the
  // deadline while nobody answers; a wrong host key or a refused login is final.
  SshSession(const SshAddress& address, ssh_key host_key, ssh_key user_key, const Deadline& deadline,
             const std::stop_token& stop);

  // As NodeShell::stream.
  CommandEnd stream(const std::string& command, const OutputSink& sink, const Deadline& deadline,
                    const std::stop_token& stop, const std::stop_token& enough = {});

  // For channels of one's own; they must not outlive the session.
  ssh_session handle() const { return session_.get(); }
  Error failure(const std::string& action) const;

 private:
  void check_host_key(ssh_key expected) const;

  Handle<ssh_session_struct, ssh_free> session_;
};

}  // namespace offlab
