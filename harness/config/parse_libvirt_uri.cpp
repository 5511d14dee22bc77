#include "config/parse_libvirt_uri.h"

#include <charconv>
#include <string>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

constexpr std::string_view over_ssh = "qemu+ssh://";
constexpr std::string_view path = "/system";
constexpr const char* what_is_taken = "qemu:///system, or qemu+ssh://[USER@]HOST[:PORT]/system";

[[noreturn]] void refuse(std::string_view text, std::string_view why, const std::string& remedy = what_is_taken) {
  throw Error(fmt::format("--connect {}: {}", text, why), remedy);
}

unsigned parse_port(std::string_view text, std::string_view whole) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535)
    refuse(whole, fmt::format("'{}' is no port", text));
  return port;
}

// "[2001:db8::1]:22", "lab-1:22", "lab-1".
void read_address(std::string_view authority, std::string_view uri, PoolHost& host) {
  std::string_view rest;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) refuse(uri, "the address has no ]");
    host.address = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
    if (!rest.empty() && rest.front() != ':') refuse(uri, "behind the address there is something else than a port");
  } else {
    const auto colon = authority.find(':');
    host.address = authority.substr(0, colon);
    if (colon != std::string_view::npos) rest = authority.substr(colon);
  }
  if (!rest.empty()) host.port = parse_port(rest.substr(1), uri);
}

}  // namespace

LibvirtUri parse_libvirt_uri(std::string_view text) {
  if (text == system_libvirt) return {};
  if (text.find('?') != std::string_view::npos)
    refuse(text, "what is behind the ? is not taken", "say it in ~/.ssh/config, or in a file of hosts (--hosts)");
  if (text.ends_with("/session"))
    refuse(text, "a user's own libvirt has no taps", "leave --connect away: offlab then needs no libvirtd and no root");
  if (!text.starts_with(over_ssh) || !text.ends_with(path)) refuse(text, "offlab does not take this URI");
  std::string_view authority = text.substr(over_ssh.size());
  if (authority.size() < path.size()) refuse(text, "offlab does not take this URI");
  authority.remove_suffix(path.size());
  PoolHost host;
  host.hosted = true;
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    host.user = authority.substr(0, at);
    authority.remove_prefix(at + 1);
    if (host.user.empty()) refuse(text, "there is no user before the @");
  }
  read_address(authority, text, host);
  for (const std::string& word : {host.user, host.address})
    if (word.starts_with('-') || word.find_first_of(" \t\n/") != std::string::npos)
      refuse(text, fmt::format("'{}' is nothing that ssh takes", word));
  if (host.address.empty()) refuse(text, "there is no host");
  host.name = host.address;
  return {host};
}

}  // namespace offlab
