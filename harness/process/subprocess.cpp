#include "process/subprocess.h"

#include <array>
#include <cerrno>
#include <csignal>

#include <fmt/ranges.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "process/pipe.h"
#include "process/spawn.h"

namespace offlab {
namespace {

// Kills the whole group unless it was waited for.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  // It may have closed its output long before its end.
  int wait(const Deadline& deadline, const std::stop_token& stop) {
    siginfo_t ended{};
    while (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT | WNOHANG) == 0 && ended.si_pid == 0) {
      deadline.check(stop);
      Deadline(deadline.name(), std::chrono::milliseconds(2)).wait(stop);
    }
    const int status = exit_status_of(pid_);
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

// Appends what can be read now; false at the end of the stream.
bool append_available(const UniqueFd& stream, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t got = read(stream.get(), buffer.data(), buffer.size());
  if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

std::string last_lines(const std::string& text, int lines) {
  std::size_t begin = text.size();
  while (begin > 0 && lines >= 0)
    if (text[--begin] == '\n' && begin + 1 != text.size()) --lines;
  return text.substr(lines < 0 ? begin + 1 : 0);
}

}  // namespace

ProgramResult run_program(const std::vector<std::string>& arguments, const Deadline& deadline,
                          const std::stop_token& stop, const std::function<void(const std::string&)>& on_error_line) {
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  const pid_t pid = spawn({arguments, {}, -1, output.write.get(), errors.write.get()});
  if (pid < 0) throw system_error("starting " + arguments[0]);
  Child child(pid);
  output.write.reset();
  errors.write.reset();

  ProgramResult result;
  std::size_t seen = 0;
  std::array<pollfd, 2> polls = {{{output.read.get(), POLLIN, 0}, {errors.read.get(), POLLIN, 0}}};
  while (polls[0].fd >= 0 || polls[1].fd >= 0) {
    deadline.check(stop);
    poll(polls.data(), polls.size(), static_cast<int>(deadline.left(std::chrono::milliseconds(100)).count()));
    if (polls[0].revents != 0 && !append_available(output.read, result.output)) polls[0].fd = -1;
    if (polls[1].revents != 0 && !append_available(errors.read, result.errors)) polls[1].fd = -1;
    for (std::size_t end = 0; on_error_line && (end = result.errors.find('\n', seen)) != std::string::npos;
         seen = end + 1)
      on_error_line(result.errors.substr(seen, end - seen));
  }
  result.exit_status = child.wait(deadline, stop);
  if (result.exit_status == not_executed && result.output.empty() && result.errors.empty())
    throw Error(fmt::format("{} is not installed", arguments[0]),
                "install its package; in a clone of offlab, ./ci/deps.sh run installs all that is needed");
  return result;
}

ProgramResult run_or_throw(const std::vector<std::string>& arguments, const Deadline& deadline,
                           const std::stop_token& stop, const std::function<void(const std::string&)>& on_error_line) {
  ProgramResult result = run_program(arguments, deadline, stop, on_error_line);
  if (result.exit_status != 0)
    throw Error(fmt::format("'{}' exited with status {}: {}", fmt::join(arguments, " "), result.exit_status,
                            last_lines(result.errors, 5)));
  return result;
}

}  // namespace offlab
