#include "ssh/tcp_connection.h"

#include <cerrno>
#include <cstring>
#include <future>
#include <thread>

#include <fcntl.h>
#include <fmt/core.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "base/error.h"
#include "ssh/retry.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr auto attempt_limit = milliseconds(300);  // a guest's network drops what comes before it is up
constexpr auto between_attempts = milliseconds(50);

using Addresses = Handle<addrinfo, freeaddrinfo>;

struct Lookup {
  int status = 0;  // of getaddrinfo
  Addresses addresses;
};

Lookup look_up(const std::string& host, std::uint16_t port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  return {status, Addresses(status == 0 ? found : nullptr)};
}

// The resolver knows neither deadlines nor stops, so it works in a thread that may outlive the question.
Lookup look_up_name(const TcpAddress& address, const Deadline& deadline, const std::stop_token& stop) {
  std::promise<Lookup> promise;
  std::future<Lookup> answer = promise.get_future();
  std::thread([promise = std::move(promise), host = address.host, port = address.port]() mutable {
    promise.set_value(look_up(host, port, 0));
  }).detach();
  while (answer.wait_for(deadline.left(milliseconds(100))) != std::future_status::ready)
    check(deadline, stop, fmt::format("looking up '{}'", address.host));
  return answer.get();
}

Lookup resolve(const TcpAddress& address, const Deadline& deadline, const std::stop_token& stop) {
  const std::string host = address.interface.empty() ? address.host : address.host + "%" + address.interface;
  Lookup numeric = look_up(host, address.port, AI_NUMERICHOST);
  Lookup result =
      numeric.status == 0 || !address.interface.empty() ? std::move(numeric) : look_up_name(address, deadline, stop);
  if (result.status != 0 && result.status != EAI_AGAIN)
    throw Error(fmt::format("looking up '{}': {}", host, gai_strerror(result.status)));
  return result;
}

// One attempt; an empty handle when nobody answered, and why in `reason`.
UniqueFd try_connect(const addrinfo& address, milliseconds limit, std::string& reason) {
  UniqueFd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) throw system_error("opening a socket");
  int error = connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    pollfd writable{socket.get(), POLLOUT, 0};
    error = ETIMEDOUT;
    socklen_t size = sizeof error;
    if (poll(&writable, 1, static_cast<int>(limit.count())) == 1)
      getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error != 0) {
    reason = std::strerror(error);
    return UniqueFd();
  }
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace

UniqueFd connect_tcp(const TcpAddress& address, const Deadline& deadline, const std::stop_token& stop) {
  deadline.check(stop);
  std::string reason;
  while (true) {
    const Lookup found = resolve(address, deadline, stop);
    if (found.status != 0) reason = fmt::format("looking up '{}': {}", address.host, gai_strerror(found.status));
    for (const addrinfo* one = found.addresses.get(); one != nullptr; one = one->ai_next)
      if (UniqueFd socket = try_connect(*one, deadline.left(attempt_limit), reason)) return socket;
    wait_to_retry(between_attempts, deadline, stop, reason);
  }
}

}  // namespace offlab
