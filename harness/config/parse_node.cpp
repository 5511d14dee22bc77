#include <algorithm>

#include <fmt/core.h>

#include "config/names.h"
#include "config/parse_login.h"
#include "config/parse_topology.h"
#include "setting/image_name.h"
#include "setting/values.h"

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

// host = { mrg_rxbuf = "off" }: libvirt's names.
std::map<std::string, bool> parse_virtio_offloads(const TomlEntry* entry, const std::vector<std::string>& names,
                                                  Mistakes& mistakes) {
  std::map<std::string, bool> offloads;
  const auto table = read_table(entry, mistakes);
  if (!table) return offloads;
  for (const TomlEntry& offload : table->table->entries) {
    if (std::find(names.begin(), names.end(), offload.key) == names.end())
      mistakes.add(offload.key_position, fmt::format("'{}' is no offload of '{}'", offload.key, entry->key),
                   hint_for(offload.key, names));
    else if (const auto state = read_switch(offload, mistakes))
      offloads[offload.key] = *state;
  }
  return offloads;
}

std::string read_device(const TomlEntry* entry, Mistakes& mistakes) {
  std::string name = read_text(entry, mistakes).value_or("");
  if (!is_interface_name(name))
    mistakes.add(entry->value.position, fmt::format("'{}' is no name of an interface", name), "\"ens192\"");
  return name;
}

void parse_interface(const PlacedTable& table, const Features& defaults, Node& node, NodePlaces& places,
                     Mistakes& mistakes) {
  TableReader reader(file_table("interface"), *table.table, table.position, mistakes);
  const TomlEntry* network = reader.require("network");
  const TomlEntry* model = reader.find("model");
  const TomlEntry* mtu = reader.find("mtu");
  const TomlEntry* ipv4 = reader.find("ipv4");
  const TomlEntry* ipv6 = reader.find("ipv6");
  const TomlEntry* offloads = reader.find("offloads");
  const TomlEntry* vlan = reader.find("vlan");
  const TomlEntry* hypervisor = reader.find("hypervisor");
  const TomlEntry* host = reader.find("host");
  const TomlEntry* guest = reader.find("guest");
  const TomlEntry* queues = reader.find("queues");
  const TomlEntry* own_nic = reader.find("own_nic");
  const TomlEntry* device = reader.find("device");
  const TomlEntry* capture = reader.find("capture");
  reader.refuse_unknown_keys();

  Interface interface;
  interface.network = read_text(network, mistakes).value_or("");
  interface.model = read_word(model, parse_nic_model, reader.key("model").words, mistakes).value_or(NicModel::virtio);
  if (const auto bytes = read_integer(mtu, reader.key("mtu"), mistakes))
    interface.mtu = Mtu{static_cast<std::uint32_t>(*bytes)};
  interface.ipv4 = read_address(ipv4, Family::ipv4, mistakes);
  interface.ipv6 = read_address(ipv6, Family::ipv6, mistakes);
  interface.features = parse_offloads(offloads, mistakes);
  interface.features.insert(defaults.begin(), defaults.end());  // its own win: insert does not replace

  if (const auto tag = read_integer(vlan, reader.key("vlan"), mistakes)) interface.vlan = static_cast<unsigned>(*tag);
  interface.hypervisor_lro = parse_hypervisor(hypervisor, mistakes);
  interface.host_offloads = parse_virtio_offloads(host, virtio_host_offloads(), mistakes);
  interface.guest_offloads = parse_virtio_offloads(guest, virtio_guest_offloads(), mistakes);

  if (const auto pairs = read_integer(queues, reader.key("queues"), mistakes))
    interface.queues = static_cast<unsigned>(*pairs);
  if (queues != nullptr && interface.model != NicModel::virtio)
    mistakes.add(queues->key_position,
                 fmt::format("a NIC of model {} has no choice of queues", to_string(interface.model)),
                 "only virtio has one");
  interface.own_nic = read_boolean(own_nic, mistakes).value_or(false);

  interface.device = read_device(device, mistakes);
  if (const auto table_of = read_table(capture, mistakes)) interface.capture = parse_capture(*table_of, mistakes);

  if (interface.network.empty()) places.is_sound = false;
  places.interfaces.push_back(
      {table.position, reader.place_of(network), reader.place_of(ipv4), reader.place_of(ipv6), reader.place_of(vlan)});
  node.interfaces.push_back(std::move(interface));
}

// MiB as an integer, or text like "256MiB".
std::optional<unsigned> read_memory(const TomlEntry* entry, Mistakes& mistakes) {
  const FileKey& key = file_table("node").key("memory");
  const auto low = static_cast<std::int64_t>(key.low);
  const auto high = static_cast<std::int64_t>(key.high);
  if (entry == nullptr) return std::nullopt;
  const auto* text = std::get_if<std::string>(&entry->value.data);
  if (text == nullptr) {
    const auto mib = read_integer(entry, low, high, mistakes);
    return mib ? std::optional(static_cast<unsigned>(*mib)) : std::nullopt;
  }
  const auto size = parse_byte_count(*text);
  const std::uint64_t mib = size ? size->bytes / 1'048'576 : 0;
  if (static_cast<double>(mib) >= key.low && static_cast<double>(mib) <= key.high) return static_cast<unsigned>(mib);
  mistakes.add(
      entry->value.position,
      size ? fmt::format("'memory' must be from {} to {} MiB", low, high) : fmt::format("'{}' is not a size", *text),
      "a number of MiB, or text as in \"256MiB\"");
  return std::nullopt;
}

// routes = [ { to = "198.18.9.0/24", via = "198.18.1.2" } ]
void parse_routes(const TomlEntry* entry, Node& node, NodePlaces& places, Mistakes& mistakes) {
  std::vector<PlacedTable> tables = read_tables(entry, mistakes);
  if (tables.size() > max_routes) {
    mistakes.add(tables[max_routes].position, fmt::format("more than {} routes", max_routes));
    tables.resize(max_routes);
  }
  for (const PlacedTable& table : tables) {
    TableReader reader(file_table("route"), *table.table, table.position, mistakes);
    const TomlEntry* to = reader.require("to");
    const TomlEntry* via = reader.require("via");
    reader.refuse_unknown_keys();
    const auto text = read_string(via, mistakes);
    const auto gateway = text ? parse_address(*text) : std::nullopt;
    if (text && !gateway) mistakes.add(via->value.position, fmt::format("'{}' is not an address", *text));
    if (!gateway) continue;
    const auto destination = read_prefix(to, gateway->family, mistakes);
    if (!destination) continue;
    node.routes.push_back({*destination, *gateway});
    places.routes.push_back(via->value.position);
  }
}

void parse_pool(const TomlEntry* addresses, const TomlEntry* ipv4, const TomlEntry* ipv6, Node& node,
                Mistakes& mistakes) {
  if (const auto count = read_integer(addresses, file_table("node").key("addresses"), mistakes))
    node.pool.count = static_cast<unsigned>(*count);
  node.pool.ipv4 = read_prefix(ipv4, Family::ipv4, mistakes);
  node.pool.ipv6 = read_prefix(ipv6, Family::ipv6, mistakes);
  for (const TomlEntry* prefix : {ipv4, ipv6})
    if (prefix != nullptr && addresses == nullptr)
      mistakes.add(prefix->key_position, fmt::format("'{}' is of no use without 'addresses'", prefix->key),
                   "addresses = 10000");
}

std::optional<Container> parse_container(const TomlEntry* entry, Mistakes& mistakes) {
  const auto table = read_table(entry, mistakes);
  if (!table) return std::nullopt;
  TableReader reader(file_table("container"), *table->table, table->position, mistakes);
  const TomlEntry* ipv4 = reader.find("ipv4");
  const TomlEntry* ipv6 = reader.find("ipv6");
  const TomlEntry* nat = reader.find("nat");
  reader.refuse_unknown_keys();
  return Container{read_prefix(ipv4, Family::ipv4, mistakes), read_prefix(ipv6, Family::ipv6, mistakes),
                   read_boolean(nat, mistakes).value_or(true)};
}

std::optional<MachineLogin> parse_existing(const TomlEntry* provider, const TomlEntry* machine, TableReader& reader,
                                           Mistakes& mistakes) {
  const auto parse = [](std::string_view word) {
    return word == "existing" || word == "offlab" ? std::optional(word == "existing") : std::nullopt;
  };
  const bool exists = read_word(provider, parse, reader.key("provider").words, mistakes).value_or(false);
  const auto table = read_table(machine, mistakes);
  if (exists && machine == nullptr)
    mistakes.add(provider->key_position, "nothing says how the machine is reached",
                 "[node.machine] with its address, below the node");
  if (!exists && machine != nullptr)
    mistakes.add(machine->key_position, "'machine' is of no use without 'provider'", "provider = \"existing\"");
  if (!exists || !table) return std::nullopt;
  return parse_machine(*table, mistakes);
}

// Guests of a lab have the names that the topology gives them.
void refuse_existing_keys(const Node& node, const NodePlaces& places, Mistakes& mistakes) {
  for (std::size_t i = 0; i < node.interfaces.size(); ++i)
    if (!node.interfaces[i].device.empty() || node.interfaces[i].capture)
      mistakes.add(places.interfaces[i].whole, "'device' and 'capture' are for existing machines",
                   "provider = \"existing\" of the node; a disk's recipe has [interfaces]");
}

void parse_image(const TomlEntry* entry, Node& node, Mistakes& mistakes) {
  const auto text = read_text(entry, mistakes);
  if (!text) return;
  if (auto name = parse_image_name(*text)) {
    node.image = name->without_kernel();
    node.kernel = std::move(name->kernel);
  } else {
    mistakes.add(entry->value.position, fmt::format("'{}' is not a valid 'image'", *text), image_name_hint);
  }
}

void parse_kernel(const TomlEntry* entry, Node& node, Mistakes& mistakes) {
  const auto release = read_text(entry, mistakes);
  if (!release) return;
  const SourcePosition position = entry->value.position;
  if (!is_kernel_release(*release))
    mistakes.add(position, fmt::format("'{}' is no kernel release", *release),
                 "as uname -r prints it: \"6.1.0-47-amd64\"");
  else if (!node.kernel.empty() && node.kernel != *release)
    mistakes.add(position, fmt::format("the node's 'image' names another kernel, '{}'", node.kernel));
  node.kernel = *release;
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
  TableReader reader(file_table("node"), *table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* role = reader.find("role");
  const TomlEntry* interfaces = reader.require("interfaces");
  const TomlEntry* image = reader.find("image");
  const TomlEntry* vcpus = reader.find("vcpus");
  const TomlEntry* memory = reader.find("memory");
  const TomlEntry* offloads = reader.find("offloads");
  const TomlEntry* boot = reader.find("boot");
  const TomlEntry* setup = reader.find("setup");
  const TomlEntry* kernel = reader.find("kernel");
  const TomlEntry* hypervisor = reader.find("hypervisor");
  const TomlEntry* routes = reader.find("routes");
  const TomlEntry* addresses = reader.find("addresses");
  const TomlEntry* pool_ipv4 = reader.find("addresses_ipv4");
  const TomlEntry* pool_ipv6 = reader.find("addresses_ipv6");
  const TomlEntry* container = reader.find("container");
  const TomlEntry* provider = reader.find("provider");
  const TomlEntry* machine = reader.find("machine");
  reader.refuse_unknown_keys();

  Node node;
  NodePlaces places{table.position,
                    reader.place_of(name),
                    reader.place_of(addresses),
                    reader.place_of(image),
                    reader.place_of(container),
                    {},
                    {}};
  node.name = read_node_name(name, mistakes);
  const auto role_value = read_word(role, parse_node_role, reader.key("role").words, mistakes);
  places.has_role = role != nullptr;
  places.is_sound = role_value.has_value() || role == nullptr;
  node.role = role_value.value_or(NodeRole::client);
  if (const auto count = read_integer(vcpus, reader.key("vcpus"), mistakes)) node.vcpus = static_cast<unsigned>(*count);
  node.memory_mib = read_memory(memory, mistakes).value_or(node.memory_mib);
  for (PlacedString& command : read_strings(boot, mistakes)) node.boot.push_back(std::move(command.text));
  for (PlacedString& command : read_strings(setup, mistakes)) node.setup.push_back(std::move(command.text));
  parse_interfaces(interfaces, parse_offloads(offloads, mistakes), node, places, mistakes);
  if (const auto lro = parse_hypervisor(hypervisor, mistakes))
    for (Interface& interface : node.interfaces)
      if (!interface.hypervisor_lro) interface.hypervisor_lro = lro;
  parse_image(image, node, mistakes);
  parse_kernel(kernel, node, mistakes);
  parse_routes(routes, node, places, mistakes);
  parse_pool(addresses, pool_ipv4, pool_ipv6, node, mistakes);
  node.container = parse_container(container, mistakes);
  node.existing = parse_existing(provider, machine, reader, mistakes);
  if (!node.existing) refuse_existing_keys(node, places, mistakes);

  into.nodes.push_back(std::move(places));
  into.topology.nodes.push_back(std::move(node));
}

}  // namespace offlab
