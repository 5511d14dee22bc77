#include "ssh/ssh_node_shell.h"

#include <fmt/core.h>

#include "base/error.h"
#include "ssh/sudo.h"

namespace offlab {

SshNodeShell::SshNodeShell(const std::map<std::string, SshTarget>& targets) {
  for (const auto& [node, target] : targets) pools_.try_emplace(node, target);
}

SessionPool& SshNodeShell::pool(const std::string& node) {
  const auto found = pools_.find(node);
  if (found == pools_.end()) throw Error(fmt::format("no node '{}' in this lab", node));
  return found->second;
}

void SshNodeShell::await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(fmt::format("ssh on {}", node), [&] { await_greeting(pool(node).target(), deadline, stop); });
}

void SshNodeShell::connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(fmt::format("ssh on {}", node), [&] { pool(node).connect(deadline, stop); });
}

CommandEnd SshNodeShell::stream(const std::string& node, const std::string& command, const OutputSink& sink,
                                const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) {
  return with_frame(fmt::format("ssh on {}", node), [&] {
    SessionPool& sessions = pool(node);
    const std::string line = command_line(sessions.target(), command);
    return sessions.use(deadline, stop,
                        [&](SshSession& session) { return session.stream(line, sink, deadline, stop, enough); });
  });
}

CommandResult SshNodeShell::feed(const std::string& node, const std::string& command, std::string_view input,
                                 const Deadline& deadline, const std::stop_token& stop) {
  return with_frame(fmt::format("ssh on {}", node), [&] {
    SessionPool& sessions = pool(node);
    const std::string line = command_line(sessions.target(), command);
    std::string output;
    const OutputSink sink = [&](std::string_view chunk) {
      if (output.size() + chunk.size() > longest_output) throw Error("a command prints without end");
      output += chunk;
    };
    const CommandEnd end = sessions.use(
        deadline, stop, [&](SshSession& session) { return session.feed(line, input, sink, deadline, stop); });
    return CommandResult{end.exit_status, std::move(output), end.errors};
  });
}

}  // namespace offlab
