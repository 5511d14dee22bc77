#include "ssh/ssh_session.h"

#include <fmt/core.h>
#include <poll.h>

#include "ssh/host_key.h"
#include "ssh/private_key.h"
#include "ssh/retry.h"
#include "ssh/running_command.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

}  // namespace

SshSession::SshSession(SshTarget target, const Deadline& deadline, const std::stop_token& stop)
    : target_(std::move(target)) {
  with_frame(to_string(target_), [&] {
    std::string reason;
    while (!shake_hands(deadline, stop, reason)) {  // a daemon that is about to start may hang up once
      wait_to_retry(milliseconds(50), deadline, stop, reason);
    }
    check_host_key(session_.get(), target_.server);
    log_in(deadline, stop);
  });
}

// False, and why, when the server hung up.
bool SshSession::shake_hands(const Deadline& deadline, const std::stop_token& stop, std::string& reason) {
  SshConnection connection = reach(target_, deadline, stop);
  session_.reset(ssh_new());
  if (!session_) throw Error("making an SSH session failed");
  carrier_ = std::move(connection.carrier);
  const int no_config = 0;
  ssh_options_set(session_.get(), SSH_OPTIONS_PROCESS_CONFIG, &no_config);
  ssh_options_set(session_.get(), SSH_OPTIONS_HOST, target_.server.host.c_str());
  const unsigned port = target_.server.port;  // by which known_hosts is asked
  ssh_options_set(session_.get(), SSH_OPTIONS_PORT, &port);
  ssh_options_set(session_.get(), SSH_OPTIONS_USER, target_.server.user.c_str());
  expect_host_key(session_.get(), target_.server);
  const int descriptor = connection.socket.release();  // libssh closes it with the session
  ssh_options_set(session_.get(), SSH_OPTIONS_FD, &descriptor);
  ssh_set_blocking(session_.get(), 0);
  if (finish(SSH_AGAIN, deadline, stop, [&] { return ssh_connect(session_.get()); }) == SSH_OK) return true;
  reason = failure("handshake").what();
  return false;
}

void SshSession::log_in(const Deadline& deadline, const std::stop_token& stop) {
  const SshServer& server = target_.server;
  if (server.user_key.empty() && server.password.empty()) return log_in_by_agent(deadline, stop);
  if (server.user_key.empty()) return log_in_by_password(deadline, stop);
  const SshKey key = require_private_key(target_.server.user_key);
  const int answer = finish(SSH_AUTH_AGAIN, deadline, stop,
                            [&] { return ssh_userauth_publickey(session_.get(), nullptr, key.get()); });
  if (answer != SSH_AUTH_SUCCESS) throw_login_failure("with " + target_.server.user_key.string());
}

// The one that $SSH_AUTH_SOCK leads to (ssh-agent(1)).
void SshSession::log_in_by_agent(const Deadline& deadline, const std::stop_token& stop) {
  const int answer =
      finish(SSH_AUTH_AGAIN, deadline, stop, [&] { return ssh_userauth_agent(session_.get(), nullptr); });
  if (answer != SSH_AUTH_SUCCESS) throw_login_failure("with the keys of ssh-agent");
}

// Servers ask for a password in one of two ways.
void SshSession::log_in_by_password(const Deadline& deadline, const std::stop_token& stop) {
  const auto finished = [&](auto call) { return finish(SSH_AUTH_AGAIN, deadline, stop, call); };
  const char* password = target_.server.password.c_str();
  int answer = finished([&] { return ssh_userauth_password(session_.get(), nullptr, password); });
  if (answer != SSH_AUTH_SUCCESS) {
    const auto ask = [&] { return ssh_userauth_kbdint(session_.get(), nullptr, nullptr); };
    constexpr int most_rounds = 4;
    answer = finished(ask);
    for (int round = 0; answer == SSH_AUTH_INFO && round < most_rounds; ++round) {
      const int prompts = ssh_userauth_kbdint_getnprompts(session_.get());
      for (int i = 0; i < prompts; ++i)
        ssh_userauth_kbdint_setanswer(session_.get(), static_cast<unsigned>(i), password);
      answer = finished(ask);
    }
  }
  if (answer == SSH_AUTH_SUCCESS) return;
  if (!is_connected()) throw failure(fmt::format("logging in as {} with a password", target_.server.user));
  throw AccessRefused(fmt::format("logging in as {}: the server refuses the password", target_.server.user),
                      "is it this user's, and may he log in with one?");
}

CommandEnd SshSession::stream(const std::string& command, const OutputSink& sink, const Deadline& deadline,
                              const std::stop_token& stop, const std::stop_token& enough) {
  return with_frame(to_string(target_), [&] {
    RunningCommand running(*this, command, sink, deadline, stop);
    return running.finish(deadline, stop, enough);
  });
}

CommandEnd SshSession::feed(const std::string& command, std::string_view input, const OutputSink& sink,
                            const Deadline& deadline, const std::stop_token& stop) {
  return with_frame(to_string(target_), [&] {
    RunningCommand running(*this, command, sink, deadline, stop);
    return running.finish(deadline, stop, {}, input);
  });
}

bool SshSession::is_connected() const {
  return (ssh_get_status(session_.get()) & (SSH_CLOSED | SSH_CLOSED_ERROR)) == 0;
}

SshChannel SshSession::new_channel() const {
  SshChannel channel(ssh_channel_new(session_.get()));
  if (!channel) throw failure("making a channel");
  return channel;
}

void SshSession::wait(milliseconds limit) const {
  pollfd ready{ssh_get_fd(session_.get()), static_cast<short>(POLLIN | (wants_to_write() ? POLLOUT : 0)), 0};
  poll(&ready, 1, static_cast<int>(limit.count()));
}

Error SshSession::failure(const std::string& action) const {
  return Error(fmt::format("{}: {}", action, ssh_get_error(session_.get())));
}

void SshSession::throw_login_failure(const std::string& how) const {
  const Error error = failure(fmt::format("logging in as {} {}", target_.server.user, how));
  if (!is_connected()) throw Error(error);
  throw AccessRefused(error.what(), "may this user log in this way? try it with ssh(1)");
}

std::string SshSession::why_lost() const {
  const std::string beneath = carrier_ ? carrier_->trouble() : "";
  return beneath.empty() ? ssh_get_error(session_.get()) : beneath;
}

Error SshSession::lost() const {
  return Error(fmt::format("the connection was lost: {}", why_lost()));
}

}  // namespace offlab
