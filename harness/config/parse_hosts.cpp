#include "config/parse_hosts.h"

#include <algorithm>

#include <fmt/core.h>

#include "config/names.h"
#include "config/recognized_file.h"
#include "config/table_reader.h"

namespace offlab {
namespace {

constexpr std::size_t max_hosts = 200;
constexpr std::int64_t max_slots = 64;
constexpr std::int64_t max_port = 65535;

const FileTable& hosts_table() {
  static const FileTable table = {"hosts", "the file of hosts", "", {{"host"}}};
  return table;
}

const FileTable& host_table() {
  static const FileTable table = {"host",
                                  "[[host]]",
                                  "",
                                  {{"name"},
                                   {"address"},
                                   {"user"},
                                   {"port"},
                                   {"jump"},
                                   {"ssh_config"},
                                   {"accelerator"},
                                   {"cache"},
                                   {"slots"},
                                   {"tags"},
                                   {"sudo"},
                                   {"libvirt"}}};
  return table;
}

// A word of ssh's command line: not one of its options.
std::string read_ssh_word(const TomlEntry* entry, Mistakes& mistakes) {
  const std::string text = read_text(entry, mistakes).value_or("");
  if (text.starts_with('-') || text.find_first_of(" \t\n") != std::string::npos)
    mistakes.add(entry->value.position, fmt::format("'{}' is nothing that ssh takes as {}", text, entry->key));
  return text;
}

std::optional<std::string> read_one_of(const std::vector<std::string>& words, const TomlEntry* entry,
                                       Mistakes& mistakes) {
  const auto known = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) == words.end() ? std::nullopt : std::optional(std::string(word));
  };
  return read_word(entry, known, words, mistakes);
}

PoolHost read_host(const PlacedTable& table, Mistakes& mistakes) {
  TableReader reader(host_table(), *table.table, table.position, mistakes);
  PoolHost host;
  host.address = read_ssh_word(reader.require("address"), mistakes);
  const TomlEntry* name = reader.find("name");
  host.name = name == nullptr ? host.address : read_file_name(name, mistakes).value_or("");
  host.user = read_ssh_word(reader.find("user"), mistakes);
  if (const auto port = read_integer(reader.find("port"), 1, max_port, mistakes))
    host.port = static_cast<unsigned>(*port);
  host.jump = read_ssh_word(reader.find("jump"), mistakes);
  host.ssh_config = read_text(reader.find("ssh_config"), mistakes).value_or("");
  host.cache = read_text(reader.find("cache"), mistakes).value_or("");
  host.slots = static_cast<unsigned>(read_integer(reader.find("slots"), 1, max_slots, mistakes).value_or(1));
  for (const PlacedString& tag : read_strings(reader.find("tags"), mistakes)) host.tags.push_back(tag.text);
  host.sudo = read_boolean(reader.find("sudo"), mistakes).value_or(false);
  host.accelerator = read_one_of({"auto", "kvm", "tcg"}, reader.find("accelerator"), mistakes).value_or("auto");
  host.hosted = read_one_of({"own", "system"}, reader.find("libvirt"), mistakes).value_or("own") == "system";
  reader.refuse_unknown_keys();
  return host;
}

}  // namespace

ParsedHosts parse_hosts(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, hosts_table(), "file of hosts", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  TableReader root(hosts_table(), *table, {}, mistakes);
  std::vector<PoolHost> hosts;
  for (const PlacedTable& one : read_tables(root.require("host"), max_hosts, "hosts", mistakes)) {
    PoolHost host = read_host(one, mistakes);
    if (std::any_of(hosts.begin(), hosts.end(), [&](const PoolHost& other) { return other.name == host.name; }))
      mistakes.add(one.position, fmt::format("there is already a host '{}'", host.name), "give it a `name`");
    hosts.push_back(std::move(host));
  }
  root.refuse_unknown_keys();
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(hosts), {}};
}

}  // namespace offlab
