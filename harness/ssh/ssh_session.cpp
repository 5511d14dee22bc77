#include "ssh/ssh_session.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace offlab {
namespace {

using std::chrono::milliseconds;

void close_channel(ssh_channel channel) {
  ssh_channel_close(channel);
  ssh_channel_free(channel);
}
using Channel = Handle<ssh_channel_struct, close_channel>;

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

SocketAddress resolve(const SshAddress& address) {
  SocketAddress result;
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
  auto* v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
  if (inet_pton(AF_INET6, address.host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(address.port);
    v6->sin6_scope_id = address.interface.empty() ? 0 : if_nametoindex(address.interface.c_str());
    result.size = sizeof *v6;
  } else if (inet_pton(AF_INET, address.host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(address.port);
    result.size = sizeof *v4;
  } else {
    throw Error(fmt::format("'{}' is not an IP address", address.host));
  }
  return result;
}

// One attempt; an empty handle when nobody answered in `limit`.
UniqueFd try_connect(const SocketAddress& address, milliseconds limit) {
  UniqueFd socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) throw system_error("opening a socket");
  if (connect(socket.get(), reinterpret_cast<const sockaddr*>(&address.storage), address.size) != 0) {
    if (errno != EINPROGRESS) return UniqueFd();
    pollfd writable{socket.get(), POLLOUT, 0};
    if (poll(&writable, 1, static_cast<int>(limit.count())) != 1) return UniqueFd();
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return UniqueFd();
  }
  const int on = 1;
  setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  return socket;
}

void pause_for(milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, stop, time, [] { return false; });
}

UniqueFd connect_until(const SshAddress& address, const Deadline& deadline, const std::stop_token& stop) {
  const SocketAddress target = resolve(address);
  while (true) {
    deadline.check(stop);
    UniqueFd socket = try_connect(target, deadline.left(milliseconds(300)));
    if (socket) return socket;
    pause_for(milliseconds(50), stop);
  }
}

bool greets(const UniqueFd& socket, milliseconds limit) {
  std::array<char, 4> start{};
  pollfd readable{socket.get(), POLLIN, 0};
  if (poll(&readable, 1, static_cast<int>(limit.count())) != 1) return false;
  const ssize_t got = recv(socket.get(), start.data(), start.size(), 0);
  return std::string_view(start.data(), got > 0 ? static_cast<std::size_t>(got) : 0) == "SSH-";
}

}  // namespace

void await_greeting(const SshAddress& address, const Deadline& deadline, const std::stop_token& stop) {
  while (!greets(connect_until(address, deadline, stop), deadline.left(milliseconds(1000)))) {
    deadline.check(stop);
    pause_for(milliseconds(50), stop);
  }
}

SshSession::SshSession(const SshAddress& address, ssh_key host_key, ssh_key user_key, const Deadline& deadline,
                       const std::stop_token& stop) {
  while (true) {
    UniqueFd socket = connect_until(address, deadline, stop);
    session_.reset(ssh_new());
    if (!session_) throw Error("making an SSH session failed");
    const int descriptor = socket.release();  // libssh closes it with the session
    const int no_config = 0;
    const long seconds = std::max(1L, static_cast<long>(deadline.left().count() / 1000));
    ssh_options_set(session_.get(), SSH_OPTIONS_PROCESS_CONFIG, &no_config);
    ssh_options_set(session_.get(), SSH_OPTIONS_HOST, address.host.c_str());
    ssh_options_set(session_.get(), SSH_OPTIONS_USER, "root");
    ssh_options_set(session_.get(), SSH_OPTIONS_FD, &descriptor);
    ssh_options_set(session_.get(), SSH_OPTIONS_TIMEOUT, &seconds);
    if (ssh_connect(session_.get()) == SSH_OK) break;
    deadline.check(stop);  // a daemon that is about to start may hang up once
    pause_for(milliseconds(50), stop);
  }
  check_host_key(host_key);
  if (ssh_userauth_publickey(session_.get(), nullptr, user_key) != SSH_AUTH_SUCCESS) throw failure("logging in");
}

void SshSession::check_host_key(ssh_key expected) const {
  ssh_key presented = nullptr;
  if (ssh_get_server_publickey(session_.get(), &presented) != SSH_OK) throw failure("reading the host key");
  const Handle<ssh_key_struct, ssh_key_free> owned(presented);
  if (ssh_key_cmp(presented, expected, SSH_KEY_CMP_PUBLIC) != 0)
    throw Error("it presents another host key than the one this lab gave it");
}

Error SshSession::failure(const std::string& action) const {
  return Error(fmt::format("{}: {}", action, ssh_get_error(session_.get())));
}

CommandEnd SshSession::stream(const std::string& command, const OutputSink& sink, const Deadline& deadline,
                              const std::stop_token& stop, const std::stop_token& enough) {
  deadline.check(stop);
  const long seconds = std::max(1L, static_cast<long>(deadline.left().count() / 1000));
  ssh_options_set(session_.get(), SSH_OPTIONS_TIMEOUT, &seconds);
  const Channel channel(ssh_channel_new(session_.get()));
  if (!channel || ssh_channel_open_session(channel.get()) != SSH_OK ||
      ssh_channel_request_exec(channel.get(), command.c_str()) != SSH_OK) {
    deadline.check(stop);
    throw failure("starting a command");
  }
  CommandEnd end;
  std::array<char, 32768> buffer;
  const auto pass_output = [&](int slice) {
    const int got = ssh_channel_read_timeout(channel.get(), buffer.data(), buffer.size(), 0, slice);
    if (got == SSH_ERROR) throw failure("reading a command's output");
    if (got > 0) sink({buffer.data(), static_cast<std::size_t>(got)});
    return got > 0;
  };
  const auto pass_errors = [&] {
    const int got = ssh_channel_read_nonblocking(channel.get(), buffer.data(), buffer.size(), 1);
    if (got > 0) end.errors.append(buffer.data(), static_cast<std::size_t>(got));
    if (end.errors.size() > NodeShell::longest_errors)
      end.errors.erase(0, end.errors.size() - NodeShell::longest_errors);
    return got > 0;
  };
  bool input_open = enough.stop_possible();
  while (ssh_channel_is_eof(channel.get()) == 0) {
    deadline.check(stop);
    if (input_open && enough.stop_requested()) {
      if (ssh_channel_send_eof(channel.get()) != SSH_OK) throw failure("ending a command's input");
      input_open = false;
    }
    pass_output(static_cast<int>(deadline.left(input_open ? milliseconds(20) : milliseconds(100)).count()));
    while (pass_errors()) {
    }
  }
  while (pass_output(0)) deadline.check(stop);
  while (pass_errors()) {
  }
  end.exit_status = ssh_channel_get_exit_status(channel.get());
  return end;
}

}  // namespace offlab
