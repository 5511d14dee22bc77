#include "ssh/ssh_node_shell.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

SshNodeShell::SshNodeShell(const std::map<std::string, SshTarget>& targets) {
  for (const auto& [node, target] : targets) guests_[node].target = target;
}

SshNodeShell::Guest& SshNodeShell::guest(const std::string& node) {
  const auto found = guests_.find(node);
  if (found == guests_.end()) throw Error(fmt::format("no node '{}' in this lab", node));
  return found->second;
}

void SshNodeShell::await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(fmt::format("ssh on {}", node), [&] { await_greeting(guest(node).target, deadline, stop); });
}

void SshNodeShell::connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  Guest& target = guest(node);
  const std::lock_guard lock(target.mutex);
  with_frame(fmt::format("ssh on {}", node),
             [&] { target.session = std::make_unique<SshSession>(target.target, deadline, stop); });
}

CommandEnd SshNodeShell::stream(const std::string& node, const std::string& command, const OutputSink& sink,
                                const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) {
  Guest& target = guest(node);
  const std::lock_guard lock(target.mutex);
  return with_frame(fmt::format("ssh on {}", node), [&] {
    if (!target.session) throw Error("not connected");
    return target.session->stream(command, sink, deadline, stop, enough);
  });
}

}  // namespace offlab
