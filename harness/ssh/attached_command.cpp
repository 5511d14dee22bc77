#include "ssh/attached_command.h"

#include <array>
#include <cerrno>
#include <cstdlib>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace offlab {
namespace {

using Buffer = std::array<char, 32768>;

constexpr int slice_ms = 100;
constexpr int killed_by_signal = 255;

// A guest that hangs is noticed after some fifteen seconds.
void watch_connection(int socket) {
  const auto set = [&](int level, int name, int value) { setsockopt(socket, level, name, &value, sizeof value); };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 5);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 2);
  set(IPPROTO_TCP, TCP_KEEPCNT, 5);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 15000);
}

bool operator==(const winsize& a, const winsize& b) {
  return a.ws_col == b.ws_col && a.ws_row == b.ws_row;
}

class Attachment {
 public:
  Attachment(SshSession& session, const AttachedCommand& what)
      : session_(session), terminal_(what.terminal), channel_(session.new_channel()) {
    ssh_set_blocking(session.handle(), 1);
    if (ssh_channel_open_session(channel_.get()) != SSH_OK) throw session.failure("opening a channel");
    if (terminal_) ask_for_terminal();
    const int asked = what.command.empty() ? ssh_channel_request_shell(channel_.get())
                                           : ssh_channel_request_exec(channel_.get(), what.command.c_str());
    if (asked != SSH_OK) throw session.failure("starting a command");
  }

  int run(const std::function<bool()>& guest_runs) {
    while (ssh_channel_is_eof(channel_.get()) == 0 && ssh_channel_is_closed(channel_.get()) == 0) {
      follow_window();
      if (pass_outputs()) continue;
      if (!guest_runs()) throw Error("the guest ended");
      wait_and_pass_input();
    }
    while (pass_outputs()) {
    }
    const int status = ssh_channel_get_exit_status(channel_.get());
    if (status < 0 && !session_.is_connected()) throw session_.lost();
    return status < 0 ? killed_by_signal : status;
  }

 private:
  void ask_for_terminal() {
    const char* kind = std::getenv("TERM");
    ioctl(STDIN_FILENO, TIOCGWINSZ, &window_);
    if (ssh_channel_request_pty_size(channel_.get(), kind == nullptr ? "vt100" : kind, window_.ws_col,
                                     window_.ws_row) != SSH_OK)
      throw session_.failure("asking for a terminal");
  }

  void follow_window() {
    winsize now{};
    if (!terminal_ || ioctl(STDIN_FILENO, TIOCGWINSZ, &now) != 0 || now == window_) return;
    window_ = now;
    ssh_channel_change_pty_size(channel_.get(), now.ws_col, now.ws_row);
  }

  // True when there was something. A lot on one of them does not hold the other one up.
  bool pass_outputs() {
    const bool output = pass_output(0, STDOUT_FILENO);
    const bool errors = pass_output(1, STDERR_FILENO);
    return output || errors;
  }

  bool pass_output(int stream, int descriptor) {
    const int got = ssh_channel_read_nonblocking(channel_.get(), buffer_.data(),
                                                 static_cast<std::uint32_t>(buffer_.size()), stream);
    if (got == SSH_ERROR) throw session_.failure("reading a command's output");
    for (int at = 0; at < got;) {
      const ssize_t wrote =
          write(descriptor, buffer_.data() + at, static_cast<std::size_t>(got) - static_cast<std::size_t>(at));
      if (wrote < 0 && errno != EINTR) throw system_error("writing a command's output");
      if (wrote > 0) at += static_cast<int>(wrote);
    }
    return got > 0;
  }

  void wait_and_pass_input() {
    const std::uint32_t room = ssh_channel_window_size(channel_.get());
    std::array<pollfd, 2> ready = {{{ssh_get_fd(session_.handle()), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    const bool listens = !input_ended_ && room > 0;
    if (poll(ready.data(), listens ? 2 : 1, slice_ms) <= 0 || !listens || ready[1].revents == 0) return;
    const ssize_t got = read(STDIN_FILENO, buffer_.data(), std::min<std::size_t>(buffer_.size(), room));
    if (got < 0 && errno == EINTR) return;
    if (got <= 0) {
      input_ended_ = true;
      ssh_channel_send_eof(channel_.get());
    } else if (ssh_channel_write(channel_.get(), buffer_.data(), static_cast<std::uint32_t>(got)) == SSH_ERROR &&
               ssh_channel_is_closed(channel_.get()) == 0 && ssh_channel_is_eof(channel_.get()) == 0) {
      throw session_.failure("passing input on");
    }
  }

  SshSession& session_;
  bool terminal_;
  SshChannel channel_;
  winsize window_{};
  bool input_ended_ = false;
  Buffer buffer_;
};

}  // namespace

int run_attached(SshSession& session, const AttachedCommand& what, const std::function<bool()>& guest_runs) {
  watch_connection(ssh_get_fd(session.handle()));
  return Attachment(session, what).run(guest_runs);
}

void make_terminal_raw() {
  termios settings{};
  if (tcgetattr(STDIN_FILENO, &settings) != 0) return;
  cfmakeraw(&settings);
  tcsetattr(STDIN_FILENO, TCSADRAIN, &settings);
}

}  // namespace offlab
