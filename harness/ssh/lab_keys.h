// SSH keys for the labs of one cache: the user's, and one host key for each kind of guest. They outlive a lab, since a
// saved guest knows its own. A guest that takes another one's address cannot answer in its place: it never had its key.
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

// The name of a guest's host key: another one for another name, and for another image.
std::string guest_key_name(const std::string& node, const std::string& image_digest);

// The user's keys in `folder`, and the host key of the guest that has `name` (guest_key_name). What does not exist is
// made, readable by its owner only. Several labs may do so at once; they end up with the same keys. Throws Error when
// the keys cannot be read.
LabKeys guest_keys(const std::filesystem::path& folder, const std::string& name);

// Both public keys, in OpenSSH's format without the comment.
std::string public_keys(const LabKeys& keys);

}  // namespace offlab
