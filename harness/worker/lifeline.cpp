#include "worker/lifeline.h"

#include <array>
#include <cerrno>
#include <csignal>

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

// Nobody writes anything but the request: what can be read is the end, or is passed over.
bool is_closed(int descriptor) {
  std::array<char, 256> rest;
  const ssize_t got = read(descriptor, rest.data(), rest.size());
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

void end_process(const std::stop_token& over, milliseconds grace) {
  kill(getpid(), SIGTERM);
  for (const Deadline end("the worker's end", grace); !end.passed() && !over.stop_requested();)
    poll(nullptr, 0, static_cast<int>(end.left(milliseconds(100)).count()));
  if (!over.stop_requested()) _exit(lifeline_closed_status);
}

}  // namespace

Lifeline::Lifeline(int descriptor, milliseconds grace)
    : watcher_([descriptor, grace](const std::stop_token& over) {
        while (!over.stop_requested())
          if (readable(descriptor, milliseconds(100)) && is_closed(descriptor)) return end_process(over, grace);
      }) {}

std::string read_request_line(int descriptor, const Deadline& deadline) {
  std::string line;
  std::array<char, 65536> chunk;
  while (true) {
    deadline.check({});
    if (!readable(descriptor, deadline.left(milliseconds(100)))) continue;
    const ssize_t got = read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (got <= 0) throw Error("whoever started the worker went away before its request was whole");
    line.append(chunk.data(), static_cast<std::size_t>(got));
    if (const auto end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
  }
}

}  // namespace offlab
