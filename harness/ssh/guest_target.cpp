#include "ssh/guest_target.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "plan/management.h"
#include "ssh/private_key.h"

namespace offlab {
namespace {

constexpr const char* key_name = "login-key";
constexpr const char* password_name = "login-password";
constexpr const char* management_interface = "mgmt";

}  // namespace

SshTarget guest_target(const LabKeys& keys, const std::string& mac) {
  SshTarget target;
  target.server = {.host = link_local_address(mac),
                   .interface = management_interface,
                   .port = 22,
                   .user = "root",
                   .user_key = keys.user_key,
                   .host_keys = PinnedKeys{keys.host_public}};
  return target;
}

void write_secrets(const std::filesystem::path& folder, const std::string& key, const std::string& password) {
  std::filesystem::create_directories(folder);
  for (const auto& [name, text] : {std::pair(key_name, key), {password_name, password}}) {
    if (text.empty()) continue;
    NewFile file(folder, name);  // readable by the owner only
    file.write(text);
    file.take_its_place();
  }
  if (!key.empty()) require_private_key(folder / key_name);
}

std::filesystem::path login_key_of(const std::filesystem::path& folder) {
  return folder / key_name;
}

SshTarget node_target(const LabPlan& lab, const NodePlan& node, const LabKeys& keys, const DiskAccess& access) {
  if (!node.disk) return guest_target(keys, node.management_mac);
  const GuestLogin& login = node.disk->login;
  const auto addresses = management_addresses(lab, node);
  const std::filesystem::path key = login_key_of(access.secrets);
  const std::filesystem::path password = access.secrets / password_name;
  SshTarget target;
  SshServer& server = target.server;
  if (addresses)
    server.host = to_string(addresses->guest);
  else
    server.interface = management_interface;
  server.port = login.port;
  server.user = login.user;
  server.mac = node.management_mac;
  server.host_keys = FirstKey{node.name};
  if (!login.host_keys.empty()) server.host_keys = login.host_keys;
  if (std::filesystem::exists(key)) {
    server.user_key = key;
  } else if (std::filesystem::exists(password)) {
    server.password = read_whole_file(password);
  } else if (node.disk->cloud_init) {
    server.user_key = keys.user_key;
    server.host_keys = PinnedKeys{keys.host_public};
  } else {
    throw Error(fmt::format("nothing opens node '{}': {} has neither a key nor a password", node.name,
                            access.secrets.string()));
  }
  target.sudo = login.sudo;
  target.path = access.path;
  return target;
}

}  // namespace offlab
