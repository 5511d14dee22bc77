#include "config/parse_disk_image.h"

#include <algorithm>

#include <fmt/core.h>

#include "config/names.h"
#include "config/parse_login.h"
#include "config/table_reader.h"
#include "setting/values.h"

namespace offlab {
namespace {

constexpr std::int64_t least_memory_mib = 64;
constexpr std::int64_t most_memory_mib = 65'536;
constexpr double least_boot_seconds = 5;
constexpr double most_boot_seconds = 1800;

const FileTable& disk_table() {
  static const FileTable table = {"image",
                                  "RECIPE.toml",
                                  "",
                                  {{"name"},
                                   {"disk"},
                                   {"firmware"},
                                   {"bus"},
                                   {"memory"},
                                   {"boot_deadline"},
                                   {"cloud_init"},
                                   {"configure"},
                                   {"login"},
                                   {"management"},
                                   {"interfaces"}}};
  return table;
}

const FileTable& login_table() {
  static const FileTable table = {
      "login",
      "[login]",
      "",
      {{"user"}, {"key"}, {"password_file"}, {"password_variable"}, {"become"}, {"port"}, {"host_keys"}}};
  return table;
}

const FileTable& management_table() {
  static const FileTable table = {"management", "[management]", "", {{"nic"}, {"address"}}};
  return table;
}

template <typename Names>
std::vector<std::string> words_of(const Names& names) {
  std::vector<std::string> words;
  for (const auto& one : names) words.emplace_back(one.name);
  return words;
}

template <typename Names>
auto read_name(const TomlEntry* entry, const Names& names, Mistakes& mistakes) {
  return read_word(
      entry, [&](std::string_view text) { return value_in(names, text); }, words_of(names), mistakes);
}

// MiB as an integer, or text as in "1GiB".
std::optional<unsigned> read_memory(const TomlEntry* entry, Mistakes& mistakes) {
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) {
    const auto mib = read_integer(entry, least_memory_mib, most_memory_mib, mistakes);
    return mib ? std::optional(static_cast<unsigned>(*mib)) : std::nullopt;
  }
  const auto size = parse_byte_count(*text);
  const auto mib = static_cast<std::int64_t>(size ? size->bytes >> 20U : 0);
  if (mib >= least_memory_mib && mib <= most_memory_mib) return static_cast<unsigned>(mib);
  mistakes.add(entry->value.position,
               fmt::format("'memory' must be from {} to {} MiB", least_memory_mib, most_memory_mib),
               "a number of MiB, or text as in \"1GiB\"");
  return std::nullopt;
}

std::optional<unsigned> read_deadline(const TomlEntry* entry, Mistakes& mistakes) {
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  const auto seconds = text != nullptr ? parse_duration_seconds(*text)
                                       : read_number(entry, least_boot_seconds, most_boot_seconds, mistakes);
  if (text == nullptr) return seconds ? std::optional(static_cast<unsigned>(*seconds)) : std::nullopt;
  if (seconds && *seconds >= least_boot_seconds && *seconds <= most_boot_seconds)
    return static_cast<unsigned>(*seconds);
  mistakes.add(entry->value.position,
               fmt::format("'{}' must be from {} s to {} s", entry->key, least_boot_seconds, most_boot_seconds),
               "a number of seconds, or text as in \"3m\"");
  return std::nullopt;
}

GuestLogin read_login(const TomlEntry* entry, bool cloud_init, Mistakes& mistakes) {
  const auto table = read_table(entry, mistakes);
  if (!table) return {};
  TableReader reader(login_table(), *table->table, table->position, mistakes);
  ReadLogin read = read_login(reader, mistakes);
  reader.refuse_unknown_keys();
  if (read.ways == 0 && !cloud_init)
    mistakes.add(table->position, "nothing says how to log in",
                 R"(key = "id_ed25519", password_file = "FILE" or password_variable = "NAME")");
  return std::move(read.login);
}

ManagementNic read_management(const TomlEntry* entry, bool cloud_init, Mistakes& mistakes) {
  ManagementNic management;
  if (cloud_init) management.from = AddressFrom::dhcp;
  const auto table = read_table(entry, mistakes);
  if (!table) return management;
  TableReader reader(management_table(), *table->table, table->position, mistakes);
  const TomlEntry* nic = reader.find("nic");
  const TomlEntry* address = reader.find("address");
  reader.refuse_unknown_keys();
  management.model = read_word(nic, parse_nic_model, nic_model_names(), mistakes).value_or(management.model);
  const auto text = read_text(address, mistakes);
  if (!text) return management;
  if (const auto from = value_in(address_from_names, *text); from && *from != AddressFrom::fixed) {
    management.from = *from;
    return management;
  }
  const auto slash = text->find('/');
  const auto own = parse_address(text->substr(0, slash));
  std::string tail = slash == std::string::npos ? "" : text->substr(slash + 1);
  const int most = own && own->family == Family::ipv6 ? 126 : 30;
  const bool is_number = !tail.empty() && tail.size() <= 3 && tail.find_first_not_of("0123456789") == std::string::npos;
  const int length = is_number ? std::stoi(tail) : 0;
  if (!own || length < 1 || length > most) {
    mistakes.add(address->value.position, fmt::format("'{}' is not a value of 'address'", *text),
                 R"("link-local", "dhcp", or the guest's address with the length of its prefix: "192.168.1.1/24")");
    return management;
  }
  management.from = AddressFrom::fixed;
  management.address = own;
  management.length = length;
  return management;
}

void read_nic_word(const PlacedString& word, GuestNic& nic, Mistakes& mistakes) {
  if (const auto mac = parse_mac(word.text)) {
    nic.mac = *mac;
    if ((std::stoi(mac->substr(0, 2), nullptr, 16) & 1) != 0)
      mistakes.add(word.position, fmt::format("{} is a multicast address", *mac));
  } else if (is_interface_name(word.text) && word.text != "lo") {
    nic.device = word.text;
  } else {
    mistakes.add(word.position, fmt::format("'{}' is neither a MAC address nor an interface's name", word.text),
                 R"("52:54:00:12:34:56" or "ens4")");
  }
}

// wan = "ens4", lan = "52:54:00:12:34:56", dmz = ["ens5", "52:54:00:12:34:57"]
std::vector<GuestNic> read_nics(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<GuestNic> nics;
  const auto table = read_table(entry, mistakes);
  if (!table) return nics;
  for (const TomlEntry& one : table->table->entries) {
    GuestNic nic{one.key};
    if (const auto* text = std::get_if<std::string>(&one.value.data))
      read_nic_word({*text, one.value.position}, nic, mistakes);
    else
      for (const PlacedString& word : read_strings(&one, mistakes)) read_nic_word(word, nic, mistakes);
    for (const GuestNic& other : nics)
      for (const auto& [own, taken] : {std::pair(&nic.mac, &other.mac), std::pair(&nic.device, &other.device)})
        if (!own->empty() && *own == *taken)
          mistakes.add(one.value.position, fmt::format("{} is on '{}' already", *own, other.network));
    nics.push_back(std::move(nic));
  }
  return nics;
}

}  // namespace

bool has_disk(const TomlTable& recipe) {
  return std::any_of(recipe.entries.begin(), recipe.entries.end(),
                     [](const TomlEntry& entry) { return entry.key == "disk"; });
}

DiskImage parse_disk_image(const TomlTable& recipe, std::string& name, Mistakes& mistakes) {
  TableReader root(disk_table(), recipe, {}, mistakes);
  DiskImage image;
  name = read_file_name(root.require("name"), mistakes).value_or("");
  image.file = read_text(root.require("disk"), mistakes).value_or("");
  image.firmware = read_name(root.find("firmware"), firmware_names, mistakes).value_or(image.firmware);
  image.bus = read_name(root.find("bus"), disk_bus_names, mistakes).value_or(image.bus);
  image.memory_mib = read_memory(root.find("memory"), mistakes).value_or(image.memory_mib);
  image.boot_seconds = read_deadline(root.find("boot_deadline"), mistakes).value_or(image.boot_seconds);
  image.cloud_init = read_boolean(root.find("cloud_init"), mistakes).value_or(false);
  image.configure = read_name(root.find("configure"), configured_names, mistakes).value_or(image.configure);
  const TomlEntry* login = image.cloud_init ? root.find("login") : root.require("login");
  image.login = read_login(login, image.cloud_init, mistakes);
  image.management = read_management(root.find("management"), image.cloud_init, mistakes);
  image.nics = read_nics(root.find("interfaces"), mistakes);
  root.refuse_unknown_keys();
  return image;
}

}  // namespace offlab
