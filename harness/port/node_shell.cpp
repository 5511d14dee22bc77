#include "port/node_shell.h"

#include <utility>

namespace offlab {

CommandResult NodeShell::run_until(const std::string& node, const std::string& command, const Deadline& deadline,
                                   const std::stop_token& stop, const std::stop_token& enough) {
  std::string output;
  CommandEnd end = stream(
      node, command, [&](std::string_view chunk) { output += chunk; }, deadline, stop, enough);
  return {end.exit_status, std::move(output), std::move(end.errors)};
}

CommandResult NodeShell::run(const std::string& node, const std::string& command, const Deadline& deadline,
                             const std::stop_token& stop) {
  return run_until(node, command, deadline, stop, {});
}

}  // namespace offlab
