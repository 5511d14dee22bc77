// SSH to one server.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include <libssh/libssh.h>

#include "base/error.h"
#include "base/handle.h"
#include "port/node_shell.h"
#include "ssh/ssh_connection.h"
#include "ssh/ssh_target.h"

namespace offlab {

// Must not outlive its session.
using SshChannel = Handle<ssh_channel_struct, ssh_channel_free>;

// One session. Used by one thread at a time. Errors name user, host and port.
class SshSession {
 public:
  // Connects, checks that the server presents a key that it may present, and logs in. Tries again until the deadline
  // while nobody answers; a wrong host key or a refused login is final.
  SshSession(SshTarget target, const Deadline& deadline, const std::stop_token& stop);

  // As NodeShell::stream, but as the target's user.
  CommandEnd stream(const std::string& command, const OutputSink& sink, const Deadline& deadline,
                    const std::stop_token& stop, const std::stop_token& enough = {});

  // The same; the command has `input` on its stdin, which ends after it.
  CommandEnd feed(const std::string& command, std::string_view input, const OutputSink& sink, const Deadline& deadline,
                  const std::stop_token& stop);

  const SshTarget& target() const { return target_; }
  bool is_connected() const;

  // For channels of one's own. libssh's calls do not block; `finish` repeats one until it returns something else than
  // `again`.
  ssh_session handle() const { return session_.get(); }
  SshChannel new_channel() const;
  template <typename Call>
  int finish(int again, const Deadline& deadline, const std::stop_token& stop, Call call) const {
    while (true) {
      const int result = call();
      if (result != again) return result;
      deadline.check(stop);
      wait(deadline.left(std::chrono::milliseconds(100)));
    }
  }
  bool wants_to_write() const { return (ssh_get_poll_flags(session_.get()) & SSH_WRITE_PENDING) != 0; }
  Error failure(const std::string& action) const;
  // That the connection ended, and what is known of the reason.
  std::string why_lost() const;
  Error lost() const;

 private:
  bool shake_hands(const Deadline& deadline, const std::stop_token& stop, std::string& reason);
  void log_in(const Deadline& deadline, const std::stop_token& stop);
  void log_in_by_agent(const Deadline& deadline, const std::stop_token& stop);
  void log_in_by_password(const Deadline& deadline, const std::stop_token& stop);
  [[noreturn]] void throw_login_failure(const std::string& how) const;
  // Until there is something to read, or to write what is left to write.
  void wait(std::chrono::milliseconds limit) const;

  SshTarget target_;
  std::shared_ptr<const Carrier> carrier_;  // outlives the session, whose socket it serves
  Handle<ssh_session_struct, ssh_free> session_;
};

}  // namespace offlab
