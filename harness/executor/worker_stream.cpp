#include "executor/worker_stream.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Waits for the process; false when it has not ended in time.
bool ended_within(pid_t pid, const Deadline& deadline) {
  while (!deadline.passed()) {
    if (waitpid(pid, nullptr, WNOHANG) == pid) return true;
    poll(nullptr, 0, static_cast<int>(deadline.left(milliseconds(20)).count()));
  }
  return false;
}

}  // namespace

WorkerStream::WorkerStream(IsolatedProcess process, std::stop_token stop)
    : process_(std::move(process)), stop_(std::move(stop)) {}

WorkerStream::~WorkerStream() {
  process_.output.reset();
  kill(process_.pid, SIGTERM);
  if (ended_within(process_.pid, Deadline("the worker's end", seconds(1)))) return;
  kill(process_.pid, SIGKILL);
  waitpid(process_.pid, nullptr, 0);
}

void WorkerStream::send(const std::string& text, const Deadline& deadline) {
  fcntl(process_.input.get(), F_SETFL, O_NONBLOCK);
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t wrote = write(process_.input.get(), text.data() + sent, text.size() - sent);
    if (wrote > 0) {
      sent += static_cast<std::size_t>(wrote);
    } else if (errno == EAGAIN) {
      deadline.check(stop_);
      pollfd ready{process_.input.get(), POLLOUT, 0};
      poll(&ready, 1, static_cast<int>(deadline.left(milliseconds(100)).count()));
    } else {
      break;  // the worker is gone; its events say why
    }
  }
  process_.input.reset();
}

std::optional<Event> WorkerStream::next(const Deadline& deadline) {
  return lines_.next(process_.output.get(), deadline, stop_);
}

void WorkerStream::kill_now() {
  kill(process_.pid, SIGKILL);
}

}  // namespace offlab
