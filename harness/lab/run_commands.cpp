#include "lab/run_commands.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"

namespace offlab {

std::vector<std::string> packed(const std::vector<std::string>& pieces) {
  std::vector<std::string> scripts;
  for (const std::string& piece : pieces) {
    if (scripts.empty() || scripts.back().size() + piece.size() > longest_shell_script) scripts.emplace_back();
    scripts.back() += piece;
  }
  return scripts;
}

std::string checked(const std::string& command) {
  // One that exits ends itself, not what follows it. A shell of its own costs a guest some milliseconds.
  const bool may_exit = command.find("exit") != std::string::npos;
  return fmt::format("{} {}\n{} || {{ s=$?; echo \"failed: \"{} >&2; exit $s; }}\n", may_exit ? "(" : "{", command,
                     may_exit ? ")" : "}", shell_quoted(command));
}

std::vector<std::string> shell_scripts(const std::vector<std::string>& commands) {
  std::vector<std::string> pieces;
  for (const std::string& command : commands) pieces.push_back(checked(command));
  return packed(pieces);
}

std::string ended_by_input(const std::string& command, const std::string& end) {
  return fmt::format(
      "exec 3<&0; {} 3<&- < /dev/null & p=$!; {{ read -r _; {}; }} <&3 3<&- > /dev/null 2>&1 & r=$!; "
      "exec 3<&-; wait $p; s=$?; kill $r 2> /dev/null; exit $s",
      command, end);
}

std::string run_commands(NodeShell& shell, Clock& clock, const std::string& node, const std::string& purpose,
                         const std::vector<std::string>& commands, std::chrono::milliseconds limit,
                         const std::stop_token& stop) {
  const std::string action = fmt::format("{} on {}", purpose, node);
  std::string output;
  for (const std::string& script : shell_scripts(commands)) {
    const CommandResult result = shell.run(node, script, Deadline(action, limit, clock), stop);
    if (result.exit_status != 0)
      throw Error(fmt::format("{}: exit status {}: {}", action, result.exit_status, result.errors));
    output += result.output;
  }
  return output;
}

}  // namespace offlab
