#include "ssh/running_command.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>
#include <poll.h>
#include <sys/eventfd.h>

namespace offlab {
namespace {

using std::chrono::seconds;

// A descriptor that is readable once one of two tokens was asked to stop, until silenced.
class Bell {
 public:
  Bell(const std::stop_token& one, const std::stop_token& other)
      : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        on_one_(one, [this] { eventfd_write(event_.get(), 1); }),
        on_other_(other, [this] { eventfd_write(event_.get(), 1); }) {
    if (!event_) throw system_error("making an event");
  }
  int get() const { return event_.get(); }

 private:
  UniqueFd event_;
  std::stop_callback<std::function<void()>> on_one_;
  std::stop_callback<std::function<void()>> on_other_;
};

int silence(socket_t bell, int, void*) {
  eventfd_t ignored = 0;
  eventfd_read(bell, &ignored);
  return 0;
}

// Waits for a session and a bell together.
class Wait {
 public:
  Wait(ssh_session session, const Bell& bell) : session_(session), bell_(bell), event_(ssh_event_new()) {
    if (!event_ || ssh_event_add_session(event_.get(), session_) != SSH_OK ||
        ssh_event_add_fd(event_.get(), bell_.get(), POLLIN, silence, nullptr) != SSH_OK)
      throw Error("waiting for an SSH session failed");
  }
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait() {
    ssh_event_remove_fd(event_.get(), bell_.get());
    ssh_event_remove_session(event_.get(), session_);
  }
  // Reads what has come; the channel's callbacks get it.
  void wait(std::chrono::milliseconds limit) const { ssh_event_dopoll(event_.get(), static_cast<int>(limit.count())); }

 private:
  ssh_session session_;
  const Bell& bell_;
  Handle<ssh_event_struct, ssh_event_free> event_;
};

}  // namespace

RunningCommand::RunningCommand(SshSession& session, const std::string& command, const OutputSink& sink,
                               const Deadline& deadline, const std::stop_token& stop)
    : session_(session), sink_(sink), channel_(session.new_channel()) {
  callbacks_.userdata = this;
  callbacks_.channel_data_function = on_data;
  callbacks_.channel_exit_status_function = on_exit_status;
  ssh_callbacks_init(&callbacks_);
  ssh_set_channel_callbacks(channel_.get(), &callbacks_);
  deadline.check(stop);
  const auto done = [&](auto call) { return session.finish(SSH_AGAIN, deadline, stop, call) == SSH_OK; };
  if (!done([&] { return ssh_channel_open_session(channel_.get()); }) ||
      !done([&] { return ssh_channel_request_exec(channel_.get(), command.c_str()); }))
    throw session.is_connected() ? session.failure("starting a command") : session.lost();
}

// libssh keeps a channel until its server closes it, too.
RunningCommand::~RunningCommand() {
  ssh_remove_channel_callbacks(channel_.get(), &callbacks_);
}

void RunningCommand::send(std::string_view& input) const {
  constexpr std::size_t most = 32'768;
  const auto size = static_cast<std::uint32_t>(std::min(input.size(), most));
  const int sent = ssh_channel_write(channel_.get(), input.data(), size);
  if (sent == SSH_ERROR) throw session_.is_connected() ? session_.failure("sending to a command") : session_.lost();
  if (sent > 0) input.remove_prefix(static_cast<std::size_t>(sent));
}

CommandEnd RunningCommand::finish(const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough,
                                  std::string_view input) {
  const Bell bell(stop, enough);
  const Wait wait(session_.handle(), bell);
  bool input_open = true;
  const bool feeds = !input.empty();
  while (true) {
    if (thrown_) std::rethrow_exception(thrown_);
    if (has_ended()) return std::move(end_);
    if (!session_.is_connected()) throw session_.lost();
    deadline.check(stop);
    if (!input.empty()) send(input);
    if (input_open && (enough.stop_requested() || (feeds && input.empty()))) {
      if (ssh_channel_send_eof(channel_.get()) == SSH_ERROR) throw session_.failure("ending a command's input");
      input_open = false;
    }
    wait.wait(input.empty() ? deadline.left(seconds(10)) + std::chrono::milliseconds(1) : std::chrono::milliseconds(2));
  }
}

// Its exit status may come after the end of its output, and there is none when a signal ended it.
bool RunningCommand::has_ended() const {
  const bool all_came = ssh_channel_is_eof(channel_.get()) != 0;
  return all_came && (end_.exit_status >= 0 || (session_.is_connected() && ssh_channel_is_closed(channel_.get()) != 0));
}

int RunningCommand::on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_errors, void* self) {
  static_cast<RunningCommand*>(self)->take({static_cast<const char*>(data), size}, is_errors != 0);
  return static_cast<int>(size);
}

void RunningCommand::on_exit_status(ssh_session, ssh_channel, int status, void* self) {
  static_cast<RunningCommand*>(self)->end_.exit_status = status;
}

void RunningCommand::take(std::string_view chunk, bool errors) {
  if (errors) {
    std::string& kept = end_.errors;
    kept.append(chunk);
    errors_seen_ += chunk.size();
    if (errors_seen_ > NodeShell::longest_output && !thrown_)
      thrown_ =
          std::make_exception_ptr(Error(fmt::format("it printed more than {} bytes of errors, and was not "
                                                    "listened to any longer; the last of them: {}",
                                                    NodeShell::longest_output, kept.substr(kept.size() - 40))));
    if (kept.size() > NodeShell::longest_errors) kept.erase(0, kept.size() - NodeShell::longest_errors);
  } else if (!thrown_) {
    try {
      sink_(chunk);
    } catch (...) {  // it must not pass libssh, which is C
      thrown_ = std::current_exception();
    }
  }
}

}  // namespace offlab
