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

// The key that it presents first, from then on (host_key.h). For a server that nobody else can answer for.
struct FirstKey {
  std::string name;  // of the server, for those who share what was seen
  bool operator==(const FirstKey&) const = default;
};

struct SshServer {
  std::string host;       // a name, an IPv4 or an IPv6 address; empty: that of the NIC with `mac` on `interface`
  std::string interface;  // of a link-local address; empty otherwise
  std::uint16_t port = 22;
  std::string user = "root";
  std::filesystem::path user_key;  // private, OpenSSH format, without passphrase; empty: by password, or by ssh-agent
  std::variant<PinnedKeys, KnownHostsFile, FirstKey> host_keys;  // a server with another key is refused
  std::string password = {};
  std::string mac = {};

  bool operator==(const SshServer&) const = default;
};

struct SshTarget {
  SshServer server;
  // Hosts to go through, the nearest first. The last of them looks `server.host` up and connects to it.
  std::vector<SshServer> jumps;
  bool sudo = false;  // commands run through `sudo -n`, which must not ask for a password
  // Folders that are looked into first for programs, with ':' between them. Not empty: commands run in `sh`, whatever
  // the user's shell is.
  std::string path = {};
  // With `path`: the user's shell may be csh, which takes no line break within quotes.
  bool any_shell = false;

  bool operator==(const SshTarget&) const = default;
};

// "root@fe80::1%mgmt port 22".
std::string to_string(const SshServer& server);
// The same, with the jump hosts.
std::string to_string(const SshTarget& target);

}  // namespace offlab
