#include "process/running_lab.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>

#include <fmt/core.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/handle.h"

namespace offlab {
namespace {

constexpr int lab_ended_status = 3;

pid_t inner_pid = -1;

void pass_on(int signal) {
  if (inner_pid > 0) kill(inner_pid, signal);
}

bool in_other_user_namespace(pid_t init) {
  std::error_code error;
  const bool same = std::filesystem::equivalent("/proc/self/ns/user", fmt::format("/proc/{}/ns/user", init), error);
  return !error && !same;
}

void enter_namespaces(const ProcessId& init, const std::string& lab) {
  const UniqueFd process = open_process(init);
  if (!process) throw Error(fmt::format("the first process of lab '{}' has ended", lab));
  const bool other_user = in_other_user_namespace(init.number);
  const int kinds = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | (other_user ? CLONE_NEWUSER : 0);
  if (setns(process.get(), kinds) != 0) throw system_error(fmt::format("entering lab '{}'", lab));
  if (other_user && (setgid(0) != 0 || setuid(0) != 0))
    throw system_error(fmt::format("becoming root of lab '{}'", lab));
}

[[noreturn]] void stay_behind(const std::string& lab, const std::optional<termios>& terminal) {
  struct sigaction action {};
  action.sa_handler = pass_on;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  int status = 0;
  while (waitpid(inner_pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (terminal) tcsetattr(STDIN_FILENO, TCSADRAIN, &*terminal);
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  if (WTERMSIG(status) != SIGKILL) _exit(128 + WTERMSIG(status));
  clean_print(stderr, "error: lab '{}' ended\n", lab);
  _exit(lab_ended_status);
}

}  // namespace

void enter_running_lab(const ProcessId& init, const std::string& lab) {
  std::optional<termios> terminal(std::in_place);
  if (tcgetattr(STDIN_FILENO, &*terminal) != 0) terminal.reset();
  enter_namespaces(init, lab);
  inner_pid = fork();
  if (inner_pid < 0) throw system_error(fmt::format("starting a process in lab '{}'", lab));
  if (inner_pid > 0) stay_behind(lab, terminal);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

}  // namespace offlab
