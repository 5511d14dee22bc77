#include "config/parse_esxi_host.h"

#include <algorithm>
#include <cctype>

#include <fmt/core.h>

#include "base/digest.h"
#include "config/parse_login.h"
#include "config/recognized_file.h"
#include "config/table_reader.h"

namespace offlab {
namespace {

constexpr std::int64_t max_port = 65'535;
constexpr double max_wait = 7200;
constexpr std::size_t sha256_digits = 64;

const FileTable& root_table() {
  static const FileTable table = {"esxi", "the file of an ESXi host", "", {{"esxi"}, {"vsphere"}, {"switch"}}};
  return table;
}

const FileTable& vsphere_table() {
  static const FileTable table = {"vsphere",
                                  "[vsphere]",
                                  "",
                                  {{"address"},
                                   {"port"},
                                   {"user"},
                                   {"password_file"},
                                   {"password_variable"},
                                   {"ca_file"},
                                   {"fingerprint"},
                                   {"hosts"},
                                   {"cluster"}}};
  return table;
}

const FileTable& switch_table() {
  static const FileTable table = {
      "switch", "[switch]", "", {{"reboot"}, {"machines"}, {"maintenance"}, {"host_seconds"}, {"machine_seconds"}}};
  return table;
}

// As openssl and browsers show it: 64 digits, with or without colons.
std::string read_fingerprint(const TomlEntry* entry, Mistakes& mistakes) {
  const auto text = read_text(entry, mistakes);
  if (!text) return "";
  std::string digits;
  for (const char c : *text)
    if (c != ':') digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (digits.size() != sha256_digits || !is_hex(digits))
    mistakes.add(entry->value.position, fmt::format("'{}' is no SHA-256 fingerprint", *text),
                 "64 hexadecimal digits: openssl s_client -connect HOST:443 < /dev/null | openssl x509 -noout "
                 "-fingerprint -sha256");
  return digits;
}

void refuse_both(const TomlEntry* one, const TomlEntry* other, Mistakes& mistakes) {
  if (one != nullptr && other != nullptr)
    mistakes.add(other->value.position, fmt::format("'{}' and '{}': only one of them is used", one->key, other->key));
}

VsphereLogin read_vsphere(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(vsphere_table(), *table.table, table.position, mistakes);
  VsphereLogin login;
  const TomlEntry* address = reader.require("address");
  login.address = read_text(address, mistakes).value_or("");
  if (login.address.find_first_of(" /@'\"\\") != std::string::npos)
    mistakes.add(address->value.position, fmt::format("'{}' is no name or address of a machine", login.address));
  login.port =
      static_cast<std::uint16_t>(read_integer(reader.find("port"), 1, max_port, mistakes).value_or(login.port));
  login.user = read_text(reader.require("user"), mistakes).value_or("");
  const TomlEntry* password_file = reader.find("password_file");
  const TomlEntry* password_variable = reader.find("password_variable");
  refuse_both(password_file, password_variable, mistakes);
  login.password_file = read_text(password_file, mistakes).value_or("");
  login.password_variable = read_text(password_variable, mistakes).value_or("");
  const TomlEntry* ca_file = reader.find("ca_file");
  const TomlEntry* fingerprint = reader.find("fingerprint");
  refuse_both(ca_file, fingerprint, mistakes);
  login.ca_file = read_text(ca_file, mistakes).value_or("");
  login.fingerprint = read_fingerprint(fingerprint, mistakes);
  const TomlEntry* hosts = reader.find("hosts");
  const TomlEntry* cluster = reader.find("cluster");
  refuse_both(hosts, cluster, mistakes);
  for (PlacedString& one : read_strings(hosts, mistakes)) login.hosts.push_back(std::move(one.text));
  login.cluster = read_text(cluster, mistakes).value_or("");
  reader.refuse_unknown_keys();
  return login;
}

EsxiSwitch read_switch_table(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(switch_table(), *table.table, table.position, mistakes);
  EsxiSwitch change;
  const std::size_t before = mistakes.count();
  change.reboot =
      read_word(reader.find("reboot"), parse_esxi_reboot, {"none", "vm-power-cycle", "host-reboot"}, mistakes)
          .value_or(change.reboot);
  const TomlEntry* machines = reader.find("machines");
  for (PlacedString& one : read_strings(machines, mistakes)) change.machines.push_back(std::move(one.text));
  const TomlEntry* maintenance = reader.find("maintenance");
  change.maintenance = read_boolean(maintenance, mistakes).value_or(false);
  change.host_seconds = read_number(reader.find("host_seconds"), 1, max_wait, mistakes).value_or(change.host_seconds);
  change.machine_seconds =
      read_number(reader.find("machine_seconds"), 1, max_wait, mistakes).value_or(change.machine_seconds);
  reader.refuse_unknown_keys();
  if (change.reboot != EsxiReboot::none && change.machines.empty())
    mistakes.add(reader.place_of(machines), fmt::format("reboot = \"{}\" needs 'machines'", to_string(change.reboot)),
                 "machines = [\"router\"]: the names of the lab's virtual machines on the host, which are stopped and "
                 "started");
  const bool is_reboot_read = mistakes.count() == before;
  if (is_reboot_read && change.maintenance && change.reboot != EsxiReboot::host_reboot)
    mistakes.add(maintenance->value.position, "'maintenance' is for reboot = \"host-reboot\"");
  return change;
}

}  // namespace

ParsedEsxiHost parse_esxi_host(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, root_table(), "file of an ESXi host", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  TableReader root(root_table(), *table, {}, mistakes);
  EsxiHosts host;
  const TomlEntry* ssh = root.find("esxi");
  const TomlEntry* api = root.find("vsphere");
  if (ssh == nullptr && api == nullptr)
    mistakes.add({1, 1}, "the file has neither [esxi] (SSH) nor [vsphere] (the API)");
  if (ssh != nullptr && api != nullptr)
    mistakes.add(api->value.position, "[esxi] and [vsphere]: a host is reached in one way only",
                 "remove the other one");
  if (const auto one = read_table(ssh, mistakes)) host.ssh = parse_machine(*one, mistakes);
  if (const auto one = read_table(api, mistakes)) host.api = read_vsphere(*one, mistakes);
  if (const auto one = read_table(root.find("switch"), mistakes)) host.change = read_switch_table(*one, mistakes);
  root.refuse_unknown_keys();
  if (mistakes.count() != 0 || (!host.ssh && !host.api)) return {std::nullopt, mistakes.take()};
  return {std::move(host), {}};
}

}  // namespace offlab
