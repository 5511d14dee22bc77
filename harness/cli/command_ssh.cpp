#include <unistd.h>

#include "base/shell_words.h"
#include "base/usage_error.h"
#include "cli/lab_commands.h"
#include "process/running_lab.h"
#include "session/paths.h"
#include "ssh/attached_command.h"
#include "ssh/sudo.h"
#include "staying/guest_access.h"

namespace offlab {
namespace {

// One word is a line for the guest's shell; several are a program and its arguments, as they are.
std::string command_line_of(const std::vector<std::string>& words) {
  if (words.size() == 1) return words.front();
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

int run_in_guest(const GuestOptions& options, bool terminal) {
  const ChosenLab lab = choose_lab(LabRegistry(cache_folder()), options.lab);
  const NodePlan& node = node_of(lab.entry, options.node);
  enter_running_lab(lab.entry.init, lab.entry.name);
  return with_guest(lab.entry, node, [&](SshSession& session) {
    if (terminal) make_terminal_raw();
    const std::string line = command_line_of(options.words);
    return run_attached(session, {line.empty() ? line : command_line(session.target(), line), terminal},
                        [&] { return guest_runs(node); });
  });
}

}  // namespace

int ssh_command(const GuestOptions& options) {
  return run_in_guest(options, options.words.empty() && isatty(STDIN_FILENO) == 1);
}

int exec_command(const GuestOptions& options) {
  if (options.words.empty()) throw UsageError("error: exec needs a command; a shell is `offlab ssh NODE`\n");
  return run_in_guest(options, false);
}

}  // namespace offlab
