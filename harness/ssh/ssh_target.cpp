#include "ssh/ssh_target.h"

#include <fmt/core.h>

namespace offlab {

std::string to_string(const SshServer& server) {
  return fmt::format("{}@{}{}{} port {}", server.user, server.host.empty() ? server.mac : server.host,
                     server.interface.empty() ? "" : "%", server.interface, server.port);
}

std::string to_string(const SshTarget& target) {
  std::string text = to_string(target.server);
  for (const SshServer& jump : target.jumps)
    text += fmt::format("{} {}", &jump == &target.jumps.front() ? " through" : ", then", to_string(jump));
  return text;
}

}  // namespace offlab
