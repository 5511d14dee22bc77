#include "executor/worker_stream.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "base/version.h"
#include "plan/deadlines.h"
#include "process/broken_pipe.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

// Waits for the process; false when it has not ended in time.
bool ended_within(pid_t pid, const Deadline& deadline) {
  while (!deadline.passed()) {
    if (waitpid(pid, nullptr, WNOHANG) == pid) return true;
    poll(nullptr, 0, static_cast<int>(deadline.left(milliseconds(20)).count()));
  }
  return false;
}

}  // namespace

WorkerStream::WorkerStream(IsolatedProcess process, std::stop_token stop, milliseconds end)
    : process_(std::move(process)), stop_(std::move(stop)), end_(end) {}

WorkerStream::~WorkerStream() {
  process_.output.reset();
  process_.input.reset();
  kill(process_.pid, SIGTERM);
  if (ended_within(process_.pid, Deadline("the worker's end", end_))) return;
  kill(process_.pid, SIGKILL);
  waitpid(process_.pid, nullptr, 0);
}

message::Hello WorkerStream::greet() {
  const auto first = next(Deadline("the worker's hello", limits::hello + limits::margin));
  if (!first) throw Error("the worker ended before it said hello");
  if (const auto* failed = std::get_if<message::Failed>(&*first)) throw Error(failed->reason, failed->remedy);
  const auto* hello = std::get_if<message::Hello>(&*first);
  if (hello == nullptr) throw Error("the worker said something else than hello first: " + message_to_line(*first));
  if (hello->protocol != message::protocol)
    throw Error(fmt::format("the worker, offlab {}, speaks protocol {}; this offlab {} speaks {}", hello->version,
                            hello->protocol, program_version(), message::protocol),
                "use the same version on both sides");
  return *hello;
}

void WorkerStream::send(const std::string& text) {
  const Deadline deadline("the worker's request", limits::request);
  const std::string line = text + "\n";
  const BrokenPipeIsAnError guard;
  fcntl(process_.input.get(), F_SETFL, O_NONBLOCK);
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t wrote = write(process_.input.get(), line.data() + sent, line.size() - sent);
    if (wrote > 0) {
      sent += static_cast<std::size_t>(wrote);
    } else if (errno == EAGAIN) {
      deadline.check(stop_);
      pollfd ready{process_.input.get(), POLLOUT, 0};
      poll(&ready, 1, static_cast<int>(deadline.left(milliseconds(100)).count()));
    } else {
      break;  // the worker is gone; its messages say why
    }
  }
}

std::optional<Message> WorkerStream::next(const Deadline& deadline) {
  return lines_.next(process_.output.get(), deadline, stop_);
}

void WorkerStream::kill_now() const {
  kill(process_.pid, SIGKILL);
}

milliseconds time_to_end(Isolation isolation) {
  const bool is_elsewhere = isolation == Isolation::none || isolation == Isolation::hosted;
  return is_elsewhere ? milliseconds(limits::give_back) : limits::end;
}

std::vector<std::string> worker_arguments(Isolation isolation, const std::filesystem::path& run_folder,
                                          const std::filesystem::path& cache_folder) {
  std::vector<std::string> words = {"worker"};
  if (isolation == Isolation::none) words.emplace_back("--existing");
  if (isolation == Isolation::hosted) words.emplace_back("--hosted");
  words.push_back(run_folder);
  words.push_back(cache_folder);
  return words;
}

}  // namespace offlab
