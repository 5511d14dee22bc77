#include "ssh/private_key.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

SshKey read_private_key(const std::filesystem::path& file) {
  ssh_key key = nullptr;
  ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &key);
  return SshKey(key);
}

SshKey require_private_key(const std::filesystem::path& file) {
  SshKey key = read_private_key(file);
  if (!key)
    throw Error(fmt::format("{} is no private key that can be read without a passphrase", file.string()),
                "a copy without one: ssh-keygen -p -N '' -f COPY. A .pub file is the public half");
  return key;
}

}  // namespace offlab
