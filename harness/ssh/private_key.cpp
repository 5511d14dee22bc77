#include "ssh/private_key.h"

namespace offlab {

SshKey read_private_key(const std::filesystem::path& file) {
  ssh_key key = nullptr;
  ssh_pki_import_privkey_file(file.c_str(), nullptr, nullptr, nullptr, &key);
  return SshKey(key);
}

}  // namespace offlab
