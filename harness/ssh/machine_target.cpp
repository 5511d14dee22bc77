#include "ssh/machine_target.h"

#include <charconv>
#include <cstdlib>

#include <fmt/core.h>

#include "base/error.h"
#include "base/password_source.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

fs::path home() {
  const char* folder = std::getenv("HOME");
  return folder == nullptr ? "/root" : folder;
}

// A key, a password, or neither for ssh-agent.
void open_with(const MachineLogin& machine, SshServer& server) {
  const GuestLogin& login = machine.login;
  if (!login.key_file.empty()) {
    server.user_key = login.key_file;
  } else if (!login.password_file.empty()) {
    server.password = password_in_file(login.password_file);
  } else if (!login.password_variable.empty()) {
    server.password = password_in_environment(login.password_variable, machine.address);
  } else if (std::getenv("SSH_AUTH_SOCK") == nullptr) {
    for (const char* name : {"id_ed25519", "id_ecdsa", "id_rsa"})
      if (const fs::path key = home() / ".ssh" / name; server.user_key.empty() && fs::exists(key))
        server.user_key = key;
    if (server.user_key.empty())
      throw Error(fmt::format("nothing says how to log in to {}", machine.address),
                  "key = \"FILE\" in [node.machine], a key in ~/.ssh, or ssh-agent");
  }
}

std::uint16_t port_of(const std::string& digits, const std::string& whole) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0)
    throw Error(fmt::format("'{}' is no jump host", whole), "as in \"admin@bastion:22\"");
  return port;
}

}  // namespace

SshServer parse_jump(const std::string& text, const std::string& user) {
  SshServer server;
  const auto at = text.rfind('@');
  server.user = at == std::string::npos ? user : text.substr(0, at);
  std::string host = at == std::string::npos ? text : text.substr(at + 1);
  const bool has_brackets = host.starts_with('[');
  const auto end = has_brackets ? host.find(']') : host.find(':');
  const bool is_address = !has_brackets && end != std::string::npos && host.find(':', end + 1) != std::string::npos;
  if (has_brackets && end != std::string::npos) {
    const std::string rest = host.substr(end + 1);
    if (!rest.empty()) server.port = port_of(rest.substr(1), text);
    host = host.substr(1, end - 1);
  } else if (end != std::string::npos && !is_address) {
    server.port = port_of(host.substr(end + 1), text);
    host.resize(end);
  }
  server.host = host;
  if (server.host.empty() || server.user.empty())
    throw Error(fmt::format("'{}' is no jump host", text), "as in \"admin@bastion:22\"");
  return server;
}

SshTarget machine_target(const MachineLogin& machine, const std::string& path) {
  const KnownHostsFile known = {machine.known_hosts.empty() ? home() / ".ssh/known_hosts"
                                                            : fs::path(machine.known_hosts)};
  SshTarget target;
  SshServer& server = target.server;
  server.host = machine.address;
  server.port = machine.login.port;
  server.user = machine.login.user;
  server.host_keys = known;
  if (!machine.login.host_keys.empty()) server.host_keys = machine.login.host_keys;
  open_with(machine, server);
  for (const std::string& text : machine.jumps) {
    SshServer jump = parse_jump(text, machine.login.user);
    jump.host_keys = known;
    jump.user_key = server.user_key;
    jump.password = server.password;
    target.jumps.push_back(std::move(jump));
  }
  target.sudo = machine.login.sudo;
  target.path = path;
  target.any_shell = machine.system != SystemKind::gnu_linux;
  return target;
}

}  // namespace offlab
