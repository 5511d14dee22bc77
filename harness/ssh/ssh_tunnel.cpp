#include "ssh/ssh_tunnel.h"

#include <array>
#include <cerrno>
#include <mutex>
#include <string_view>
#include <thread>

#include <fmt/core.h>
#include <poll.h>
#include <sys/socket.h>

#include "ssh/retry.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr auto between_attempts = milliseconds(300);
constexpr int slice_ms = 100;

// Its thread is the one that uses the session.
class Tunnel : public Carrier {
 public:
  Tunnel(SshSession session, SshChannel channel, UniqueFd socket)
      : session_(std::move(session)),
        channel_(std::move(channel)),
        socket_(std::move(socket)),
        thread_([this](const std::stop_token& over) { carry(over); }) {}

  std::string trouble() const override {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }

 private:
  enum class Moved { nothing, something, ended };

  void carry(const std::stop_token& over) {
    try {
      while (!over.stop_requested() && pass_on()) wait();
    } catch (const Error& error) {
      const std::lock_guard lock(mutex_);
      trouble_ = to_string(session_.target()) + ": " + error.what();
    }
    shutdown(socket_.get(), SHUT_RDWR);  // after the trouble is written: who sees the end may ask for it
  }

  // Passes on what has come, both ways, until nothing is left: each call of libssh may read from the connection, and
  // what it read does not wake anybody. False when one of the ends has ended.
  bool pass_on() {
    while (true) {
      if (coming_.empty()) receive();
      if (coming_.empty() && ssh_channel_is_eof(channel_.get()) != 0) return false;
      const Moved in = pass_in();
      const Moved out = in == Moved::ended ? Moved::ended : pass_out();
      if (out == Moved::ended) return false;
      if (in == Moved::nothing && out == Moved::nothing) return true;
    }
  }

  void receive() {
    const int got = ssh_channel_read_nonblocking(channel_.get(), in_.data(), static_cast<std::uint32_t>(in_.size()), 0);
    if (got == SSH_ERROR) throw session_.lost();
    if (got > 0) coming_ = {in_.data(), static_cast<std::size_t>(got)};
  }

  Moved pass_in() {
    if (coming_.empty()) return Moved::nothing;
    const ssize_t sent = send(socket_.get(), coming_.data(), coming_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN || errno == EINTR ? Moved::nothing : Moved::ended;
    coming_.remove_prefix(static_cast<std::size_t>(sent));
    return Moved::something;
  }

  Moved pass_out() {
    const std::uint32_t room = ssh_channel_window_size(channel_.get());
    if (room == 0) return Moved::nothing;
    std::array<char, 32768> out;
    const ssize_t got = recv(socket_.get(), out.data(), std::min<std::size_t>(out.size(), room), MSG_DONTWAIT);
    if (got < 0) return errno == EAGAIN || errno == EINTR ? Moved::nothing : Moved::ended;
    if (got == 0) return Moved::ended;
    if (ssh_channel_write(channel_.get(), out.data(), static_cast<std::uint32_t>(got)) != got) throw session_.lost();
    return Moved::something;
  }

  void wait() {
    const bool room = ssh_channel_window_size(channel_.get()) > 0;
    const bool full = !coming_.empty();  // until the socket takes it, nothing more is read
    const auto events = [](bool in, bool out) { return static_cast<short>((in ? POLLIN : 0) | (out ? POLLOUT : 0)); };
    std::array<pollfd, 2> ready = {{{ssh_get_fd(session_.handle()), events(!full, session_.wants_to_write()), 0},
                                    {socket_.get(), events(room, full), 0}}};
    poll(ready.data(), ready.size(), slice_ms);
  }

  SshSession session_;
  SshChannel channel_;
  UniqueFd socket_;
  std::array<char, 32768> in_;
  std::string_view coming_;  // the part of in_ that the socket has not taken yet
  mutable std::mutex mutex_;
  std::string trouble_;
  std::jthread thread_;
};

}  // namespace

SshConnection open_tunnel(SshSession session, const SshServer& server, const Deadline& deadline,
                          const std::stop_token& stop) {
  while (true) {
    SshChannel channel = session.new_channel();
    const int opened = session.finish(SSH_AGAIN, deadline, stop, [&] {
      return ssh_channel_open_forward(channel.get(), server.host.c_str(), server.port, "127.0.0.1", 0);
    });
    if (opened == SSH_OK) {
      std::array<int, 2> ends{};
      if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw system_error("making a socket pair");
      UniqueFd ours(ends[0]);
      UniqueFd theirs(ends[1]);
      return {std::make_shared<Tunnel>(std::move(session), std::move(channel), std::move(ours)), std::move(theirs)};
    }
    if (!session.is_connected()) throw session.lost();
    const Error refusal = session.failure("connecting from " + to_string(session.target().server));
    wait_to_retry(between_attempts, deadline, stop, refusal.what());
  }
}

}  // namespace offlab
