#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "background.h"

namespace offlab::guest {
namespace {

class Sink {
 public:
  explicit Sink(const SinkOptions& options) : options_(options) {}
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  ~Sink() {
    for (unsigned i = 0; i < options_.streams; ++i)
      if (polled_[i].fd >= 0) close(polled_[i].fd);
  }

  // All connections are asked for at once.
  bool connect_all() {
    for (unsigned i = 0; i < options_.streams; ++i) {
      polled_[i] = {socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), POLLOUT, 0};
      sockaddr_in to = {};
      to.sin_family = AF_INET;
      to.sin_port = htons(options_.port);
      to.sin_addr.s_addr = htonl(options_.address);
      if (connect(polled_[i].fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 || errno == EINPROGRESS)
        continue;
      std::fprintf(stderr, "offlab-background: connect: %s\n", std::strerror(errno));
      return false;
    }
    return true;
  }

  const char* run() {
    const Control control;
    const std::uint64_t end = now() + options_.bounds.seconds * 1'000'000;
    pollfd& input = polled_[options_.streams];
    input = {STDIN_FILENO, POLLIN, 0};
    while (open_ + closed_ < options_.streams || open_ > 0) {
      if (now() >= end) return "time";
      poll(polled_.data(), options_.streams + 1, 100);
      if (const char* why = Control::end(input.revents != 0)) return why;
      for (unsigned i = 0; i < options_.streams; ++i)
        if (polled_[i].revents != 0) serve(polled_[i]);
      if (received_ >= options_.bounds.bytes) return "bytes";
    }
    return "closed";
  }

  void report(const char* why) const {
    std::printf("{\"connections\": %u, \"closed\": %u, \"received_bytes\": %llu, \"end\": \"%s\"}\n", connected_,
                closed_, static_cast<unsigned long long>(received_), why);
  }

 private:
  void serve(pollfd& one) {
    if (one.events == POLLOUT) {
      int error = 0;
      socklen_t size = sizeof error;
      getsockopt(one.fd, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0) {
        std::fprintf(stderr, "offlab-background: connect: %s\n", std::strerror(error));
        return drop(one);
      }
      one.events = POLLIN;
      ++open_;
      if (++connected_ == options_.streams) std::puts("connected");
      return;
    }
    for (;;) {
      const ssize_t size = recv(one.fd, buffer_.data(), buffer_.size(), MSG_TRUNC);
      if (size > 0) {
        received_ += static_cast<std::uint64_t>(size);
        continue;
      }
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
      --open_;
      return drop(one);
    }
  }

  void drop(pollfd& one) {
    close(one.fd);
    one.fd = -1;
    ++closed_;
  }

  SinkOptions options_;
  std::array<pollfd, most_streams + 1> polled_ = {};
  std::array<char, 65536> buffer_;
  unsigned connected_ = 0;
  unsigned open_ = 0;
  unsigned closed_ = 0;
  std::uint64_t received_ = 0;
};

}  // namespace

int run_sink(const SinkOptions& options) {
  Sink sink(options);
  if (!sink.connect_all()) return 1;
  sink.report(sink.run());
  return 0;
}

}  // namespace offlab::guest
