// Fresh SSH keys for one lab: the user's, and the host key that every guest of the lab presents.
#pragma once

#include <filesystem>
#include <string>

#include <libssh/libssh.h>

#include "base/handle.h"

namespace offlab {

using SshKey = Handle<ssh_key_struct, ssh_key_free>;

struct LabKeys {
  SshKey user;
  SshKey host;
  std::filesystem::path authorized_keys;  // the user's public key, one line
  std::filesystem::path host_key;         // private, OpenSSH format
  std::filesystem::path user_key;         // private, OpenSSH format
};

// Makes Ed25519 keys and writes them below `folder`, readable by their owner only.
LabKeys make_lab_keys(const std::filesystem::path& folder);

}  // namespace offlab
