#include "ssh/lab_keys.h"

#include <cstdlib>
#include <fstream>

#include <fmt/core.h>
#include <libssh/libssh.h>

#include "base/error.h"
#include "base/handle.h"
#include "ssh/private_key.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* authorized_keys_file = "authorized_keys";
constexpr const char* host_key_file = "host_key";
constexpr const char* user_key_file = "user_key";

SshKey make_key() {
  ssh_key key = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK) throw Error("making an Ed25519 key failed");
  return SshKey(key);
}

void write_private(const SshKey& key, const fs::path& file) {
  if (ssh_pki_export_privkey_file(key.get(), nullptr, nullptr, nullptr, file.c_str()) != SSH_OK)
    throw Error(fmt::format("writing {} failed", file.string()));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
}

std::string public_key(const SshKey& key) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key.get(), &text) != SSH_OK) throw Error("exporting a public key failed");
  const Handle<char, ssh_string_free_char> owned(text);
  return std::string("ssh-ed25519 ") + text;
}

// Makes the keys beside `folder` and moves them there in one step, unless another lab was faster.
void provide_keys(const fs::path& folder) {
  std::string scratch = folder.string() + ".XXXXXX";
  if (mkdtemp(scratch.data()) == nullptr) throw system_error(fmt::format("making a folder beside {}", folder.string()));
  std::error_code error;
  try {
    make_lab_keys(scratch);
    fs::rename(scratch, folder, error);
  } catch (...) {
    fs::remove_all(scratch, error);
    throw;
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  if (error && !fs::exists(folder))
    throw Error(fmt::format("moving new SSH keys to {}: {}", folder.string(), error.message()));
}

SshKey read_private(const fs::path& file) {
  SshKey key = read_private_key(file);
  if (!key) throw Error(fmt::format("{} is no private key", file.string()), "remove its folder; new keys are made");
  return key;
}

}  // namespace

LabKeys make_lab_keys(const fs::path& folder) {
  const SshKey user = make_key();
  const SshKey host = make_key();
  LabKeys keys{public_key(user), public_key(host), folder / authorized_keys_file, folder / host_key_file,
               folder / user_key_file};
  write_private(host, keys.host_key);
  write_private(user, keys.user_key);
  std::ofstream file(keys.authorized_keys);
  file << keys.user_public << " offlab\n" << std::flush;
  if (!file) throw Error(fmt::format("writing {} failed", keys.authorized_keys.string()));
  return keys;
}

LabKeys lab_keys(const fs::path& folder) {
  if (!fs::exists(folder)) provide_keys(folder);
  return {public_key(read_private(folder / user_key_file)), public_key(read_private(folder / host_key_file)),
          folder / authorized_keys_file, folder / host_key_file, folder / user_key_file};
}

std::string public_keys(const LabKeys& keys) {
  return keys.user_public + "\n" + keys.host_public + "\n";
}

}  // namespace offlab
