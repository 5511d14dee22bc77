#include <fmt/core.h>

#include "config/names.h"
#include "config/parse_topology.h"

namespace offlab {
namespace {

using Features = std::map<std::string, bool>;

// offloads = { lro = "on", gro = false }
Features parse_offloads(const TomlEntry* entry, Mistakes& mistakes) {
  Features features;
  const auto table = read_table(entry, mistakes);
  if (!table) return features;
  for (const TomlEntry& offload : table->table->entries) {
    const auto feature = canonical_feature(offload.key);
    if (!feature)
      mistakes.add(offload.key_position, fmt::format("unknown offload '{}'", offload.key),
                   hint_for(offload.key, feature_names()));
    const auto state = read_switch(offload, mistakes);
    if (feature && !features.emplace(*feature, state.value_or(false)).second)
      mistakes.add(offload.key_position,
                   fmt::format("'{}' is the same offload as another key of this table", offload.key));
  }
  return features;
}

std::optional<IpAddress> read_address(const TomlEntry* entry, Family family, Mistakes& mistakes) {
  const auto text = read_string(entry, mistakes);
  if (!text) return std::nullopt;
  const auto address = parse_address(*text);
  if (address && address->family == family) return address;
  mistakes.add(entry->value.position,
               fmt::format("'{}' is not an {} address", *text, family == Family::ipv4 ? "IPv4" : "IPv6"));
  return std::nullopt;
}

void parse_interface(const PlacedTable& table, const Features& defaults, Node& node, NodePlaces& places,
                     Mistakes& mistakes) {
  TableReader reader(*table.table, table.position, mistakes);
  const TomlEntry* network = reader.require("network");
  const TomlEntry* model = reader.find("model");
  const TomlEntry* mtu = reader.find("mtu");
  const TomlEntry* ipv4 = reader.find("ipv4");
  const TomlEntry* ipv6 = reader.find("ipv6");
  const TomlEntry* offloads = reader.find("offloads");
  reader.refuse_unknown_keys();

  Interface interface;
  interface.network = read_text(network, mistakes).value_or("");
  interface.model =
      read_word(model, parse_nic_model, {"virtio", "vmxnet3", "e1000", "e1000e"}, mistakes).value_or(NicModel::virtio);
  if (const auto bytes = read_integer(mtu, 68, 65535, mistakes))
    interface.mtu = Mtu{static_cast<std::uint32_t>(*bytes)};
  interface.ipv4 = read_address(ipv4, Family::ipv4, mistakes);
  interface.ipv6 = read_address(ipv6, Family::ipv6, mistakes);
  interface.features = parse_offloads(offloads, mistakes);
  interface.features.insert(defaults.begin(), defaults.end());  // its own win: insert does not replace

  if (interface.network.empty()) places.is_sound = false;
  places.interfaces.push_back({table.position, reader.place_of(network), reader.place_of(ipv4), reader.place_of(ipv6)});
  node.interfaces.push_back(std::move(interface));
}

// MiB as an integer, or text like "256MiB".
std::optional<unsigned> read_memory(const TomlEntry* entry, Mistakes& mistakes) {
  constexpr std::int64_t low = 128;
  constexpr std::int64_t high = 65536;
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) {
    const auto mib = read_integer(entry, low, high, mistakes);
    return mib ? std::optional(static_cast<unsigned>(*mib)) : std::nullopt;
  }
  const auto size = parse_byte_count(*text);
  const std::uint64_t mib = size ? size->bytes / (1024 * 1024) : 0;
  if (mib >= low && mib <= high) return static_cast<unsigned>(mib);
  mistakes.add(
      entry->value.position,
      size ? fmt::format("'memory' must be from {} to {} MiB", low, high) : fmt::format("'{}' is not a size", *text),
      "a number of MiB, or text as in \"256MiB\"");
  return std::nullopt;
}

void parse_interfaces(const TomlEntry* entry, const Features& defaults, Node& node, NodePlaces& places,
                      Mistakes& mistakes) {
  const std::size_t before = mistakes.count();
  std::vector<PlacedTable> tables = read_tables(entry, mistakes);
  if (tables.size() > max_interfaces) {
    mistakes.add(tables[max_interfaces].position, fmt::format("more than {} interfaces", max_interfaces));
    tables.resize(max_interfaces);
  }
  if (entry == nullptr || mistakes.count() != before) places.is_sound = false;
  for (const PlacedTable& table : tables) parse_interface(table, defaults, node, places, mistakes);
}

}  // namespace

void parse_node(const PlacedTable& table, PlacedTopology& into, Mistakes& mistakes) {
  TableReader reader(*table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* role = reader.require("role");
  const TomlEntry* interfaces = reader.require("interfaces");
  const TomlEntry* image = reader.find("image");
  const TomlEntry* vcpus = reader.find("vcpus");
  const TomlEntry* memory = reader.find("memory");
  const TomlEntry* offloads = reader.find("offloads");
  const TomlEntry* setup = reader.find("setup");
  reader.refuse_unknown_keys();

  Node node;
  NodePlaces places{table.position, reader.place_of(name), {}};
  node.name = read_node_name(name, mistakes);
  const auto role_value = read_word(role, parse_node_role, {"client", "router", "server"}, mistakes);
  places.is_sound = role_value.has_value();
  node.role = role_value.value_or(NodeRole::client);
  node.image = read_file_name(image, mistakes).value_or(node.image);
  if (const auto count = read_integer(vcpus, 1, 64, mistakes)) node.vcpus = static_cast<unsigned>(*count);
  node.memory_mib = read_memory(memory, mistakes).value_or(node.memory_mib);
  for (PlacedString& command : read_strings(setup, mistakes)) node.setup.push_back(std::move(command.text));
  parse_interfaces(interfaces, parse_offloads(offloads, mistakes), node, places, mistakes);

  into.nodes.push_back(std::move(places));
  into.topology.nodes.push_back(std::move(node));
}

}  // namespace offlab
