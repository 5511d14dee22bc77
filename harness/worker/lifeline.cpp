#include "worker/lifeline.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr int lifeline_closed_status = 3;

bool readable(int descriptor, milliseconds limit) {
  pollfd one{descriptor, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) == 1;
}

void end_process(const std::stop_token& over, milliseconds grace) {
  kill(getpid(), SIGTERM);
  for (const Deadline end("the worker's end", grace); !end.passed() && !over.stop_requested();)
    poll(nullptr, 0, static_cast<int>(end.left(milliseconds(100)).count()));
  if (!over.stop_requested()) _exit(lifeline_closed_status);
}

}  // namespace

Lifeline::Lifeline(int descriptor, milliseconds grace)
    : watcher_([this, descriptor, grace](const std::stop_token& over) {
        std::array<char, 65536> bytes;
        while (!over.stop_requested()) {
          if (!readable(descriptor, milliseconds(100))) continue;
          const ssize_t got = read(descriptor, bytes.data(), bytes.size());
          if (got > 0) {
            take({bytes.data(), static_cast<std::size_t>(got)});
          } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            close();
            return end_process(over, grace);
          }
        }
      }) {}

std::string Lifeline::next_line(const Deadline& deadline) {
  std::unique_lock lock(mutex_);
  while (lines_.empty()) {
    if (closed_) throw Error("whoever started the worker went away before its request was whole");
    deadline.check({});
    changed_.wait_for(lock, deadline.left(milliseconds(100)));
  }
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

std::optional<std::string> Lifeline::wait_for_line(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, stop, [&] { return closed_ || !lines_.empty(); });
  if (lines_.empty()) return std::nullopt;
  std::string line = std::move(lines_.front());
  lines_.pop_front();
  return line;
}

void Lifeline::take(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  for (const char c : bytes)
    if (c == '\n')
      lines_.push_back(std::exchange(unfinished_, {}));
    else
      unfinished_ += c;
  changed_.notify_all();
}

void Lifeline::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace offlab
