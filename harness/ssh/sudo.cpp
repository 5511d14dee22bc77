#include "ssh/sudo.h"

#include <fmt/core.h>

#include "base/shell_words.h"

namespace offlab {
namespace {

// -k: a password that was given lately does not count; it would stop to count in the middle of a run.
constexpr const char* probe_command = "LC_ALL=C sudo -k -n -- sh -c true";
constexpr int no_such_program = 127;

// A command for sh in one line that csh takes, too: without a line break, a quote, a backslash that is read before it
// is there, and the "!" that brings earlier commands back.
std::string in_one_line(const std::string& script) {
  std::string text;
  for (const char c : script) {
    const bool is_plain = c >= ' ' && c <= '~' && c != '\'' && c != '\\' && c != '!';
    text += is_plain ? std::string(1, c) : fmt::format("\\0{:03o}", static_cast<unsigned char>(c));
  }
  return fmt::format(R"line(sh -c 'eval "$(printf %b "$1")"' sh '{}')line", text);
}

}  // namespace

std::string as_root(const std::string& script) {
  return "sudo -n -- sh -c " + shell_quoted(script);
}

std::string command_line(const SshTarget& target, const std::string& script) {
  if (target.path.empty()) return target.sudo ? as_root(script) : script;
  const std::string whole = fmt::format("PATH={}:$PATH; export PATH\n{}", target.path, script);
  if (target.any_shell) return (target.sudo ? "sudo -n -- " : "exec ") + in_one_line(whole);
  return target.sudo ? as_root(whole) : "exec sh -c " + shell_quoted(whole);
}

void check_sudo(SshSession& session, const Deadline& deadline, const std::stop_token& stop) {
  const bool any_shell = session.target().any_shell;  // csh sets no variables before a command
  const CommandEnd probe = session.stream(
      std::string(any_shell ? "env " : "") + probe_command, [](std::string_view) {}, deadline, stop);
  const SshServer& server = session.target().server;
  if (probe.exit_status != 0) with_frame(to_string(server), [&] { throw sudo_refusal(server.user, probe); });
}

AccessRefused sudo_refusal(const std::string& user, const CommandEnd& probe) {
  if (probe.exit_status == no_such_program) return AccessRefused("there is no sudo", "install it, or log in as root");
  const std::string remedy =
      fmt::format("let {0} run commands without a password: '{0} ALL=(ALL) NOPASSWD: ALL' in /etc/sudoers.d", user);
  if (probe.errors.find("password") != std::string::npos) return AccessRefused("sudo asks for a password", remedy);
  return AccessRefused(
      fmt::format("sudo refuses (exit status {}): {}", probe.exit_status, without_last_ends_of_line(probe.errors)),
      remedy);
}

}  // namespace offlab
