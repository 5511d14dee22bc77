#include "ssh/host_key.h"

#include <algorithm>
#include <map>
#include <mutex>

#include <fmt/core.h>

#include "base/error.h"
#include "base/handle.h"
#include "port/node_shell.h"

namespace offlab {
namespace {

using Key = Handle<ssh_key_struct, ssh_key_free>;

Key parse(const std::string& line) {
  const std::size_t space = line.find(' ');
  const std::string type = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : line.substr(space + 1);
  ssh_key key = nullptr;
  if (ssh_pki_import_pubkey_base64(rest.substr(0, rest.find(' ')).c_str(), ssh_key_type_from_name(type.c_str()),
                                   &key) != SSH_OK)
    throw Error(fmt::format("'{}' is not a public key", line));
  return Key(key);
}

// "ssh-ed25519 SHA256:...", as ssh-keygen -l prints it.
std::string fingerprint(const Key& key) {
  unsigned char* hash = nullptr;
  std::size_t length = 0;
  if (ssh_get_publickey_hash(key.get(), SSH_PUBLICKEY_HASH_SHA256, &hash, &length) != SSH_OK) return "unknown";
  const Handle<char, ssh_string_free_char> text(ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length));
  ssh_clean_pubkey_hash(&hash);
  return fmt::format("{} {}", ssh_key_type_to_char(ssh_key_type(key.get())), text ? text.get() : "unknown");
}

Key presented_key(ssh_session session) {
  ssh_key key = nullptr;
  if (ssh_get_server_publickey(session, &key) != SSH_OK)
    throw Error(fmt::format("reading the host key: {}", ssh_get_error(session)));
  return Key(key);
}

void check_pinned(const Key& presented, const PinnedKeys& pinned) {
  const auto is_presented = [&](const std::string& line) {
    return ssh_key_cmp(presented.get(), parse(line).get(), SSH_KEY_CMP_PUBLIC) == 0;
  };
  if (std::none_of(pinned.begin(), pinned.end(), is_presented))
    throw AccessRefused(fmt::format("it presents another host key ({}) than it should", fingerprint(presented)));
}

// What servers presented first, by name, in this process.
class SeenKeys {
 public:
  // True when it is the first one of that name, or the same.
  bool is_same(const std::string& name, const std::string& presented) {
    const std::lock_guard lock(mutex_);
    return seen_.try_emplace(name, presented).first->second == presented;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::string> seen_;
};

void check_first(const Key& presented, const FirstKey& first) {
  static SeenKeys seen;
  const std::string key = fingerprint(presented);
  if (!seen.is_same(first.name, key))
    throw AccessRefused(fmt::format("it presents another host key ({}) than before", key));
}

void check_known(ssh_session session, const SshServer& server, const std::string& file) {
  const std::string presented = fingerprint(presented_key(session));
  const std::string name = server.port == 22 ? server.host : fmt::format("[{}]:{}", server.host, server.port);
  switch (ssh_session_is_known_server(session)) {
    case SSH_KNOWN_HOSTS_OK:
      return;
    case SSH_KNOWN_HOSTS_CHANGED:
      throw AccessRefused(
          fmt::format("it presents another host key ({}) than {} has for {}", presented, file, name),
          fmt::format("find out why; if it is right: ssh-keygen -f {} -R '{}', then add the new key", file, name));
    case SSH_KNOWN_HOSTS_UNKNOWN:
    case SSH_KNOWN_HOSTS_NOT_FOUND:
    case SSH_KNOWN_HOSTS_OTHER:
      throw AccessRefused(
          fmt::format("its host key ({}) is unknown: {} does not have it for {}", presented, file, name),
          fmt::format("compare it with the machine's own, then add it: ssh-keyscan -p {} {} >> {}", server.port,
                      server.host, file));
    case SSH_KNOWN_HOSTS_ERROR:
      break;
  }
  throw Error(fmt::format("looking its host key up in {}: {}", file, ssh_get_error(session)));
}

}  // namespace

std::string host_key_algorithms(const PinnedKeys& keys) {
  std::string algorithms;
  for (const std::string& line : keys) {
    const std::string type = ssh_key_type_to_char(ssh_key_type(parse(line).get()));
    if (!algorithms.empty()) algorithms += ',';
    algorithms += type == "ssh-rsa" ? "rsa-sha2-512,rsa-sha2-256" : type;
  }
  return algorithms;
}

void expect_host_key(ssh_session session, const SshServer& server) {
  const auto set = [&](ssh_options_e option, const std::string& value) {
    if (ssh_options_set(session, option, value.c_str()) != SSH_OK)
      throw Error(fmt::format("'{}': {}", value, ssh_get_error(session)));
  };
  const auto* file = std::get_if<KnownHostsFile>(&server.host_keys);
  set(SSH_OPTIONS_KNOWNHOSTS, file != nullptr ? file->path.string() : "/dev/null");
  set(SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
  if (file != nullptr) return;
  if (std::holds_alternative<FirstKey>(server.host_keys)) return;
  const auto& pinned = std::get<PinnedKeys>(server.host_keys);
  if (pinned.empty()) throw Error("nobody told its host key");
  set(SSH_OPTIONS_HOSTKEYS, host_key_algorithms(pinned));
}

void check_host_key(ssh_session session, const SshServer& server) {
  if (const auto* first = std::get_if<FirstKey>(&server.host_keys)) return check_first(presented_key(session), *first);
  if (const auto* file = std::get_if<KnownHostsFile>(&server.host_keys))
    check_known(session, server, file->path.string());
  else
    check_pinned(presented_key(session), std::get<PinnedKeys>(server.host_keys));
}

}  // namespace offlab
