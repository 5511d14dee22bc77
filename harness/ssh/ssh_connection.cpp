#include "ssh/ssh_connection.h"

#include <array>
#include <string_view>

#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"
#include "ssh/neighbour_address.h"
#include "ssh/retry.h"
#include "ssh/ssh_session.h"
#include "ssh/ssh_tunnel.h"
#include "ssh/tcp_connection.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

bool greets(const UniqueFd& socket, milliseconds limit) {
  std::array<char, 4> start{};
  pollfd readable{socket.get(), POLLIN, 0};
  if (poll(&readable, 1, static_cast<int>(limit.count())) != 1) return false;
  const ssize_t got = recv(socket.get(), start.data(), start.size(), 0);
  return std::string_view(start.data(), got > 0 ? static_cast<std::size_t>(got) : 0) == "SSH-";
}

}  // namespace

SshConnection reach(const SshTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  const SshServer& server = target.server;
  if (target.jumps.empty()) {
    const std::string host =
        server.host.empty() ? neighbour_address(server.interface, server.mac, deadline, stop) : server.host;
    return {nullptr, connect_tcp({host, server.interface, server.port}, deadline, stop)};
  }
  SshTarget jump{target.jumps.back(), {target.jumps.begin(), target.jumps.end() - 1}, false};
  return open_tunnel(SshSession(jump, deadline, stop), server, deadline, stop);
}

void await_greeting(const SshTarget& target, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(to_string(target), [&] {
    while (!greets(reach(target, deadline, stop).socket, deadline.left(milliseconds(1000)))) {
      wait_to_retry(milliseconds(50), deadline, stop, "it does not greet as an SSH server");
    }
  });
}

}  // namespace offlab
