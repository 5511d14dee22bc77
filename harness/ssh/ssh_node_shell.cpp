#include "ssh/ssh_node_shell.h"

#include <cstdio>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

std::string link_local_address(const std::string& mac) {
  unsigned b[6];
  int read = 0;
  if (std::sscanf(mac.c_str(), "%2x:%2x:%2x:%2x:%2x:%2x%n", b, b + 1, b + 2, b + 3, b + 4, b + 5, &read) != 6 ||
      static_cast<std::size_t>(read) != mac.size())
    throw Error(fmt::format("'{}' is not a MAC address", mac));
  return fmt::format("fe80::{:x}:{:x}:{:x}:{:x}", ((b[0] ^ 2U) << 8U) | b[1], (b[2] << 8U) | 0xffU, 0xfe00U | b[3],
                     (b[4] << 8U) | b[5]);
}

SshNodeShell::SshNodeShell(const LabKeys& keys, std::map<std::string, SshAddress> addresses) : keys_(keys) {
  for (auto& [node, address] : addresses) guests_[node].address = std::move(address);
}

SshNodeShell::Guest& SshNodeShell::guest(const std::string& node) {
  const auto found = guests_.find(node);
  if (found == guests_.end()) throw Error(fmt::format("no node '{}' in this lab", node));
  return found->second;
}

void SshNodeShell::await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  with_frame(fmt::format("ssh on {}", node), [&] { await_greeting(guest(node).address, deadline, stop); });
}

void SshNodeShell::connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) {
  Guest& target = guest(node);
  const std::lock_guard lock(target.mutex);
  with_frame(fmt::format("ssh on {}", node), [&] {
    target.session = std::make_unique<SshSession>(target.address, keys_.host.get(), keys_.user.get(), deadline, stop);
  });
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
