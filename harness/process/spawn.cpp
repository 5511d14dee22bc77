#include "process/spawn.h"

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <linux/sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offlab {
namespace {

// Only system calls from here to exec: the process may have threads.
[[noreturn]] void become(const Spawn& what, const char* program, char* const* argv, pid_t parent) {
  char go = 0;
  if (what.go >= 0 && read(what.go, &go, 1) != 1) _exit(not_executed);  // the parent gave up
  if (what.own_session)
    setsid();
  else
    setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // In a PID namespace of its own a process has no parent.
  if ((what.namespaces & static_cast<unsigned long>(CLONE_NEWPID)) == 0 && getppid() != parent) _exit(not_executed);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
  const int wanted[] = {what.input, what.output, what.errors};
  for (int number = 0; number < 3; ++number)
    if (dup2(wanted[number] < 0 ? nothing : wanted[number], number) < 0) _exit(not_executed);
  execvp(program, argv);
  _exit(errno == ENOENT ? not_executed : not_executed - 1);
}

}  // namespace

pid_t spawn(const Spawn& what) {
  std::vector<char*> argv;
  for (const std::string& argument : what.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const char* program = what.program.empty() ? argv.front() : what.program.c_str();
  const pid_t parent = getpid();
  const auto child = static_cast<pid_t>(
      syscall(SYS_clone, what.namespaces | static_cast<unsigned long>(SIGCHLD), nullptr, nullptr, nullptr, nullptr));
  if (child == 0) become(what, program, argv.data(), parent);
  if (child > 0 && !what.own_session) setpgid(child, child);
  return child;
}

int exit_status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace offlab
