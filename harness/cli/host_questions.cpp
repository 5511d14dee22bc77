#include "cli/host_questions.h"

#include <cstdio>

#include <fcntl.h>
#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/handle.h"
#include "base/usage_error.h"

namespace offlab {
namespace {

// Not stdin, which may be a pipe. Invalid: there is none.
UniqueFd terminal() {
  return UniqueFd(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
}

void say(const UniqueFd& tty, const std::string& text) {
  if (write(tty.get(), text.data(), text.size()) < 0) throw UsageError("error: the terminal cannot be written to\n");
}

std::string read_line(const UniqueFd& tty) {
  std::string line;
  for (char c = 0; read(tty.get(), &c, 1) == 1 && c != '\n';) line += c;
  return line;
}

class NoEcho {
 public:
  explicit NoEcho(int tty) : tty_(tty) {
    tcgetattr(tty_, &before_);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(tty_, TCSAFLUSH, &quiet);
  }
  ~NoEcho() { tcsetattr(tty_, TCSAFLUSH, &before_); }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  int tty_;
  termios before_{};
};

}  // namespace

std::string TerminalQuestions::password(const std::string& user, const std::string& server) {
  const UniqueFd tty = terminal();
  if (!tty)
    throw UsageError(clean_format(
        "error: the password of '{}' at {} is not in the file of the host, and there is no terminal to ask for it\n  "
        "remedy: password_file = \"...\" or password_variable = \"...\"\n",
        user, server));
  std::string password;
  {
    const NoEcho quiet(tty.get());  // first: it throws away what was typed before
    say(tty, clean_format("password of {} at {}: ", user, server));
    password = read_line(tty);
  }
  say(tty, "\n");
  return password;
}

bool TerminalQuestions::trust(const std::string& server, const std::string& fingerprint) {
  const UniqueFd tty = terminal();
  if (!tty)
    throw UsageError(
        clean_format("error: {} is reached for the first time, and there is no terminal to ask whether its certificate "
                     "is trusted\n  its SHA-256 fingerprint: {}\n  remedy: compare it, then fingerprint = \"...\" in "
                     "the file of the host; or ca_file = \"...\"\n",
                     server, fingerprint));
  say(tty, clean_format("{} is reached for the first time. The SHA-256 fingerprint of its certificate is\n  {}\n"
                        "On the host: openssl x509 -in /etc/vmware/ssl/rui.crt -noout -fingerprint -sha256\n"
                        "Is it the same? [y/N] ",
                        server, fingerprint));
  const std::string answer = read_line(tty);
  return answer == "y" || answer == "yes";
}

void TerminalQuestions::note(const std::string& text) {
  clean_print(stderr, "{}\n", text);
}

}  // namespace offlab
