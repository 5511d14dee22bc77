// What an SSH session runs over: a TCP connection, or a way through other SSH servers.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "base/handle.h"
#include "ssh/ssh_target.h"

namespace offlab {

// Passes bytes on between a socket and somewhere else, as long as it lives.
class Carrier {
 public:
  virtual ~Carrier() = default;
  // Why it ended; empty while it works, and when the far end ended it.
  virtual std::string trouble() const = 0;
};

struct SshConnection {
  std::shared_ptr<const Carrier> carrier;  // none for a TCP connection
  UniqueFd socket;
};

// Connects to the target's server. Tries again until the deadline while nobody answers; a jump host that refuses us
// is final.
SshConnection reach(const SshTarget& target, const Deadline& deadline, const std::stop_token& stop);

// Returns when the target's server has sent its greeting. Tries again until the deadline.
void await_greeting(const SshTarget& target, const Deadline& deadline, const std::stop_token& stop);

}  // namespace offlab
