// SSH keys for the labs of one cache: the user's, and the host key that every guest presents. They outlive a lab, since
// a saved guest knows them.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

struct LabKeys {
  std::string user_public;                // "ssh-ed25519 AAAA..."
  std::string host_public;                // the same
  std::filesystem::path authorized_keys;  // the user's public key, one line
  std::filesystem::path host_key;         // private, OpenSSH format
  std::filesystem::path user_key;         // private, OpenSSH format
};

// Makes Ed25519 keys and writes them to `folder`, which exists, readable by their owner only.
LabKeys make_lab_keys(const std::filesystem::path& folder);

// The keys in `folder`. When it does not exist: makes it, readable by its owner only, with new keys. Several
// labs may do so at once; they end up with the same keys. Throws Error when the keys cannot be read.
LabKeys lab_keys(const std::filesystem::path& folder);

// Both public keys, in OpenSSH's format without the comment.
std::string public_keys(const LabKeys& keys);

}  // namespace offlab
