#include "config/parse_login.h"

#include <fmt/core.h>

namespace offlab {
namespace {

bool read_become(const TomlEntry* entry, Mistakes& mistakes) {
  const auto text = read_text(entry, mistakes);
  if (!text) return false;
  if (*text != "sudo -n")
    mistakes.add(entry->value.position, fmt::format("'{}' is not a value of 'become'", *text), "\"sudo -n\"");
  return true;
}

// A word that ssh would take as a host, and not as one of its options.
void check_host(const std::string& text, SourcePosition position, Mistakes& mistakes) {
  if (text.starts_with('-') || text.find_first_of(" \t\n/'\"\\") != std::string::npos)
    mistakes.add(position, fmt::format("'{}' is no name or address of a machine", text));
}

SystemKind read_system(const TomlEntry* entry, Mistakes& mistakes) {
  const auto text = read_text(entry, mistakes);
  if (!text) return SystemKind::gnu_linux;
  const auto kind = parse_system_kind(*text);
  if (!kind)
    mistakes.add(entry->value.position, fmt::format("'{}' is not a value of 'system'", *text),
                 R"("linux" or "freebsd", which pfSense and OPNsense are)");
  return kind.value_or(SystemKind::gnu_linux);
}

// What a machine has beside its address.
void read_way(TableReader& reader, MachineLogin& machine, Mistakes& mistakes) {
  machine.login = read_login(reader, mistakes).login;
  for (PlacedString& one : read_strings(reader.find("jump"), mistakes)) {
    check_host(one.text, one.position, mistakes);
    machine.jumps.push_back(std::move(one.text));
  }
  machine.known_hosts = read_text(reader.find("known_hosts"), mistakes).value_or("");
}

std::string read_host(const TomlEntry* entry, Mistakes& mistakes) {
  const std::string text = read_text(entry, mistakes).value_or("");
  if (!text.empty()) check_host(text, entry->value.position, mistakes);
  return text;
}

}  // namespace

ReadLogin read_login(TableReader& reader, Mistakes& mistakes) {
  ReadLogin read;
  GuestLogin& login = read.login;
  const TomlEntry* user = reader.find("user");
  const TomlEntry* key = reader.find("key");
  const TomlEntry* file = reader.find("password_file");
  const TomlEntry* variable = reader.find("password_variable");
  const TomlEntry* port = reader.find("port");
  login.sudo = read_become(reader.find("become"), mistakes);
  for (PlacedString& one : read_strings(reader.find("host_keys"), mistakes)) {
    if (one.text.find(' ') == std::string::npos)
      mistakes.add(one.position, "a host key has its kind before it", "as in a .pub file: \"ssh-ed25519 AAAA...\"");
    login.host_keys.push_back(std::move(one.text));
  }
  login.user = read_text(user, mistakes).value_or(login.user);
  login.key_file = read_text(key, mistakes).value_or("");
  login.password_file = read_text(file, mistakes).value_or("");
  login.password_variable = read_text(variable, mistakes).value_or("");
  login.port = static_cast<std::uint16_t>(read_integer(port, 1, 65'535, mistakes).value_or(login.port));
  if (login.user.find_first_of(" :/'\"\\") != std::string::npos)
    mistakes.add(user->value.position, fmt::format("'{}' is no user's name", login.user));
  for (const TomlEntry* one : {key, file, variable}) read.ways += one != nullptr ? 1 : 0;
  if (read.ways > 1)
    mistakes.add(reader.position(), "'key', 'password_file' and 'password_variable': only one of them is used",
                 "remove the others");
  return read;
}

MachineLogin parse_machine(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(file_table("machine"), *table.table, table.position, mistakes);
  MachineLogin machine;
  machine.address = read_host(reader.require("address"), mistakes);
  machine.system = read_system(reader.find("system"), mistakes);
  read_way(reader, machine, mistakes);
  reader.refuse_unknown_keys();
  return machine;
}

CaptureHost parse_capture(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(file_table("capture"), *table.table, table.position, mistakes);
  CaptureHost capture;
  capture.host.address = read_host(reader.require("host"), mistakes);
  capture.interface = read_host(reader.require("interface"), mistakes);
  const auto is_esxi = [](std::string_view word) -> std::optional<bool> {
    if (word == "esxi" || word == "linux") return word == "esxi";
    return std::nullopt;
  };
  capture.is_esxi = read_word(reader.find("system"), is_esxi, reader.key("system").words, mistakes).value_or(false);
  read_way(reader, capture.host, mistakes);
  reader.refuse_unknown_keys();
  return capture;
}

}  // namespace offlab
