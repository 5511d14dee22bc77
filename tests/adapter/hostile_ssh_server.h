// A server on loopback that greets whoever connects with something that is no SSH.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "base/handle.h"

namespace offlab::test {

struct Greeting {
  std::string name;
  std::string begin;    // sent first
  std::string forever;  // then sent again and again, unless it is empty
  bool slow = false;    // byte for byte, every 50 ms
  bool hangs_up = false;
};

// The `number`-th of as many as one likes; they are of twenty kinds, each different in its bytes.
Greeting hostile_greeting(unsigned number);

class HostileSshServer {
 public:
  HostileSshServer(std::uint16_t port, Greeting greeting);

  // How often somebody connected until now.
  unsigned connections() const { return connections_; }

 private:
  void serve(const std::stop_token& stop);
  void greet(int client, const std::stop_token& stop) const;

  Greeting greeting_;
  std::atomic<unsigned> connections_ = 0;
  UniqueFd socket_;
  std::jthread thread_;
};

}  // namespace offlab::test
