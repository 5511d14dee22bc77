// The sessions with one node: a thread that runs a command has one for itself, and idle ones are kept.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ssh/ssh_session.h"

namespace offlab {

class SessionPool {
 public:
  static constexpr std::size_t most_sessions = 6;

  explicit SessionPool(SshTarget target) : target_(std::move(target)) {}

  const SshTarget& target() const { return target_; }
  // Opens a session; those from before are not used again.
  void connect(const Deadline& deadline, const std::stop_token& stop);
  // Runs `action` with an idle session, or else with a new one; waits for one when there are as many as there may be.
  // Throws Error when nobody connected, or when a connection was lost since. When `action` throws, its session is
  // closed.
  CommandEnd use(const Deadline& deadline, const std::stop_token& stop,
                 const std::function<CommandEnd(SshSession&)>& action);

 private:
  enum class State { never_connected, connected, lost };

  using Session = std::unique_ptr<SshSession>;

  struct Taken {
    Session session;
    unsigned connection;
    // Whether its command did. libssh answers output that comes after a channel was freed with a larger window, and
    // dropbear hangs up when it is sent one for a channel that it has closed: such a session is not used again.
    bool ended;
  };

  Taken take(const Deadline& deadline, const std::stop_token& stop);
  void give_back(Taken taken);

  SshTarget target_;
  std::mutex mutex_;
  std::condition_variable_any change_;
  State state_ = State::never_connected;
  std::string why_lost_;
  unsigned connection_ = 0;    // counts calls of connect
  std::size_t count_ = 0;      // of this connection's sessions: idle, in use, being opened
  std::vector<Session> idle_;  // the one that was used last is the last
};

}  // namespace offlab
