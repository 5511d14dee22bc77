// How offlab reaches the guests that it made.
#pragma once

#include <string>

#include "plan/plan.h"
#include "ssh/lab_keys.h"
#include "ssh/ssh_target.h"

namespace offlab {

// The guest whose management NIC has this MAC address, for a process in the lab's network namespace.
SshTarget guest_target(const LabKeys& keys, const std::string& mac);

// Puts a private key or a password into a folder where node_target finds it, readable by the owner only. Nothing for
// empty ones. Throws Error for a key that cannot be read: before anything boots.
void write_secrets(const std::filesystem::path& folder, const std::string& key, const std::string& password);

// Where the key is in such a folder.
std::filesystem::path login_key_of(const std::filesystem::path& folder);

// What guests with a system of their own need beside their keys.
struct DiskAccess {
  std::filesystem::path secrets;  // the folder of write_secrets
  std::string path;               // folders of programs, for SshTarget
};

// A node of a lab, for a process in the lab's network namespace. A disk that neither a key nor a password opens has the
// lab's keys from cloud-init.
SshTarget node_target(const LabPlan& lab, const NodePlan& node, const LabKeys& keys, const DiskAccess& access);

}  // namespace offlab
