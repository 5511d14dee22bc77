#include "esxi/host_command.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/shell_words.h"

namespace offlab {

std::string run_on_host(NodeShell& shell, const std::string& host, const std::string& shown, const std::string& script,
                        const Deadline& deadline, const std::stop_token& stop) {
  const CommandResult result = shell.run(host, script, deadline, stop);
  if (result.exit_status != 0)
    throw Error(fmt::format("{}: {}: exit status {}: {}", host, shown, result.exit_status,
                            without_last_ends_of_line(result.errors + result.output)));
  return result.output;
}

}  // namespace offlab
