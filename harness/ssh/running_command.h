// A command on a server, on a channel of its own.
#pragma once

#include <exception>

#include <libssh/callbacks.h>

#include "ssh/ssh_session.h"

namespace offlab {

class RunningCommand {
 public:
  // Starts it. `sink` must outlive this.
  RunningCommand(SshSession& session, const std::string& command, const OutputSink& sink, const Deadline& deadline,
                 const std::stop_token& stop);
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;
  ~RunningCommand();

  // The command gets `input` on its stdin; where there is some, its stdin ends after it.
  CommandEnd finish(const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough,
                    std::string_view input = {});

 private:
  // libssh calls these while it reads from the connection. What comes is taken at once; until the sink returns, nothing
  // is read, and the server's window runs out.
  static int on_data(ssh_session, ssh_channel, void* data, std::uint32_t size, int is_errors, void* self);
  static void on_exit_status(ssh_session, ssh_channel, int status, void* self);
  void take(std::string_view chunk, bool errors);

  // Sends as much of it as the server takes now, and takes that off it.
  void send(std::string_view& input) const;
  // The server will tell no more.
  bool has_ended() const;

  SshSession& session_;
  const OutputSink& sink_;
  CommandEnd end_;
  std::size_t errors_seen_ = 0;  // bytes of stderr
  std::exception_ptr thrown_;    // by the sink, or for too much on stderr
  ssh_channel_callbacks_struct callbacks_{};
  SshChannel channel_;
};

}  // namespace offlab
