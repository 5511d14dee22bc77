// Where a node is reached over SSH, and as whom.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace offlab {

// The keys that a server may present, each as in a .pub file: "ssh-ed25519 AAAA...".
using PinnedKeys = std::vector<std::string>;

// An OpenSSH known_hosts file has the keys, by host and port.
struct KnownHostsFile {
  std::filesystem::path path;

  bool operator==(const KnownHostsFile&) const = default;
};

struct SshServer {
  std::string host;       // a name, an IPv4 or an IPv6 address
  std::string interface;  // of a link-local address; empty otherwise
  std::uint16_t port = 22;
  std::string user = "root";
  std::filesystem::path user_key;                      // private, OpenSSH format, without passphrase
  std::variant<PinnedKeys, KnownHostsFile> host_keys;  // a server with another key is refused

  bool operator==(const SshServer&) const = default;
};

struct SshTarget {
  SshServer server;
  // Hosts to go through, the nearest first. The last of them looks `server.host` up and connects to it.
  std::vector<SshServer> jumps;
  bool sudo = false;  // commands run through `sudo -n`, which must not ask for a password

  bool operator==(const SshTarget&) const = default;
};

// "root@fe80::1%mgmt port 22".
std::string to_string(const SshServer& server);
// The same, with the jump hosts.
std::string to_string(const SshTarget& target);

}  // namespace offlab
