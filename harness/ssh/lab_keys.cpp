#include "ssh/lab_keys.h"

#include <cstdlib>
#include <fstream>

#include <fmt/core.h>
#include <libssh/libssh.h>

#include "base/digest.h"
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

std::string write_host_key(const fs::path& folder) {
  const SshKey host = make_key();
  write_private(host, folder / host_key_file);
  return public_key(host);
}

std::string write_user_key(const fs::path& folder) {
  const SshKey user = make_key();
  write_private(user, folder / user_key_file);
  const std::string line = public_key(user);
  std::ofstream file(folder / authorized_keys_file);
  file << line << " offlab\n" << std::flush;
  if (!file) throw Error(fmt::format("writing {} failed", (folder / authorized_keys_file).string()));
  return line;
}

// Fills a new folder beside `folder` and moves it there in one step, unless another lab was faster.
void provide(const fs::path& folder, std::string (*fill)(const fs::path&)) {
  if (fs::exists(folder)) return;
  std::string scratch = folder.string() + ".XXXXXX";
  fs::create_directories(folder.parent_path());
  if (mkdtemp(scratch.data()) == nullptr) throw system_error(fmt::format("making a folder beside {}", folder.string()));
  std::error_code error;
  try {
    fill(scratch);
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
  return {write_user_key(folder), write_host_key(folder), folder / authorized_keys_file, folder / host_key_file,
          folder / user_key_file};
}

std::string guest_key_name(const std::string& node, const std::string& image_digest) {
  return sha256_hex(node + "\n" + image_digest).substr(0, 32);
}

LabKeys guest_keys(const fs::path& folder, const std::string& name) {
  const fs::path guest = folder / "guests" / name;
  provide(folder / "user", write_user_key);
  provide(guest, write_host_key);
  const fs::path user = folder / "user";
  return {public_key(read_private(user / user_key_file)), public_key(read_private(guest / host_key_file)),
          user / authorized_keys_file, guest / host_key_file, user / user_key_file};
}

std::string public_keys(const LabKeys& keys) {
  return keys.user_public + "\n" + keys.host_public + "\n";
}

}  // namespace offlab
