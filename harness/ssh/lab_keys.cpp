#include "ssh/lab_keys.h"

#include <fstream>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

SshKey make_key() {
  ssh_key key = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK) throw Error("making an Ed25519 key failed");
  return SshKey(key);
}

void write_private(const SshKey& key, const std::filesystem::path& file) {
  if (ssh_pki_export_privkey_file(key.get(), nullptr, nullptr, nullptr, file.c_str()) != SSH_OK)
    throw Error(fmt::format("writing {} failed", file.string()));
  std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

}  // namespace

LabKeys make_lab_keys(const std::filesystem::path& folder) {
  LabKeys keys{make_key(), make_key(), folder / "authorized_keys", folder / "host_key", folder / "user_key"};
  write_private(keys.host, keys.host_key);
  write_private(keys.user, keys.user_key);
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(keys.user.get(), &text) != SSH_OK)
    throw Error("exporting the lab's public key failed");
  const Handle<char, ssh_string_free_char> owned(text);
  std::ofstream(keys.authorized_keys) << "ssh-ed25519 " << text << " offlab\n";
  return keys;
}

}  // namespace offlab
