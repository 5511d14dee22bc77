#include "port/node_shell.h"

#include <utility>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {
constexpr std::size_t longest_shown = 80;  // of a command
}  // namespace

CommandResult NodeShell::run_until(const std::string& node, const std::string& command, const Deadline& deadline,
                                   const std::stop_token& stop, const std::stop_token& enough, std::size_t limit) {
  std::string output;
  const auto keep = [&](std::string_view chunk) {
    if (output.size() + chunk.size() > limit)
      throw Error(fmt::format("node '{}' printed more than {} bytes, and was not listened to any longer: {}", node,
                              limit, command.substr(0, longest_shown)));
    output += chunk;
  };
  CommandEnd end = stream(node, command, keep, deadline, stop, enough);
  return {end.exit_status, std::move(output), std::move(end.errors)};
}

CommandResult NodeShell::run(const std::string& node, const std::string& command, const Deadline& deadline,
                             const std::stop_token& stop) {
  return run_until(node, command, deadline, stop, {});
}

CommandResult NodeShell::feed(const std::string& node, const std::string&, std::string_view, const Deadline&,
                              const std::stop_token&) {
  throw Error(fmt::format("nothing can be sent to a command on {}", node));
}

}  // namespace offlab
