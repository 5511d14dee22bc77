#include "config/parse_topology.h"

#include <fmt/core.h>

#include "config/names.h"

namespace offlab {
namespace {

std::vector<PlacedTable> read_at_most(std::size_t limit, const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<PlacedTable> tables = read_tables(entry, mistakes);
  if (tables.size() > limit) {
    mistakes.add(tables[limit].position, fmt::format("more than {} of [[{}]]", limit, entry->key));
    tables.resize(limit);
  }
  return tables;
}

// hypervisor = { lro = "off" }, on the top level and in a network.
HypervisorLro parse_hypervisor(const TomlEntry* entry, HypervisorLro otherwise, Mistakes& mistakes) {
  const auto table = read_table(entry, mistakes);
  if (!table) return otherwise;
  TableReader reader(*table->table, table->position, mistakes);
  const TomlEntry* lro = reader.find("lro");
  reader.refuse_unknown_keys();
  const auto value = read_word(lro, parse_hypervisor_lro, {"off", "passthrough"}, mistakes);
  if (value != HypervisorLro::merge) return value.value_or(otherwise);
  mistakes.add(lro->value.position, "hypervisor.lro = \"merge\" is not available yet", "use passthrough");
  return otherwise;
}

std::optional<IpPrefix> read_prefix(const TomlEntry* entry, Family family, Mistakes& mistakes) {
  const auto text = read_string(entry, mistakes);
  if (!text) return std::nullopt;
  const auto prefix = parse_prefix(*text);
  const bool is_v4 = family == Family::ipv4;
  const std::string example = is_v4 ? "198.18.1.0/24" : "2001:2:0:1::/64";
  if (prefix && prefix->address.family == family) return prefix;
  mistakes.add(entry->value.position, fmt::format("'{}' is not an {} prefix", *text, is_v4 ? "IPv4" : "IPv6"),
               fmt::format("as in '{}': address and length, no bit set beyond the length", example));
  return std::nullopt;
}

void parse_network(const PlacedTable& table, HypervisorLro default_lro, PlacedTopology& into, Mistakes& mistakes) {
  TableReader reader(*table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* ipv4 = reader.find("ipv4");
  const TomlEntry* ipv6 = reader.find("ipv6");
  const TomlEntry* mtu = reader.find("mtu");
  const TomlEntry* hypervisor = reader.find("hypervisor");
  reader.refuse_unknown_keys();

  Network network;
  network.name = read_network_name(name, mistakes);
  network.ipv4 = read_prefix(ipv4, Family::ipv4, mistakes);
  network.ipv6 = read_prefix(ipv6, Family::ipv6, mistakes);
  if (const auto bytes = read_integer(mtu, 68, 65535, mistakes)) network.mtu = {static_cast<std::uint32_t>(*bytes)};
  network.hypervisor_lro = parse_hypervisor(hypervisor, default_lro, mistakes);
  if (ipv4 == nullptr && ipv6 == nullptr)
    mistakes.add(table.position, "a network needs 'ipv4' or 'ipv6'", "ipv4 = \"198.18.1.0/24\"");

  NetworkPlaces places{table.position, reader.place_of(name), reader.place_of(ipv4), reader.place_of(ipv6)};
  places.is_sound = (network.ipv4 || network.ipv6) && network.ipv4.has_value() == (ipv4 != nullptr) &&
                    network.ipv6.has_value() == (ipv6 != nullptr);
  into.networks.push_back(places);
  into.topology.networks.push_back(std::move(network));
}

void parse_flow(const PlacedTable& table, PlacedTopology& into, Mistakes& mistakes) {
  TableReader reader(*table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* from = reader.require("from");
  const TomlEntry* to = reader.require("to");
  const TomlEntry* family = reader.find("family");
  const TomlEntry* df = reader.find("df");
  reader.refuse_unknown_keys();

  Flow flow;
  flow.name = read_flow_name(name, mistakes);
  flow.from = read_text(from, mistakes).value_or("");
  flow.to = read_text(to, mistakes).value_or("");
  const auto family_value = read_word(family, parse_family, {"ipv4", "ipv6"}, mistakes);
  flow.family = family_value.value_or(Family::ipv4);
  flow.df = read_boolean(df, mistakes).value_or(true);

  FlowPlaces places{table.position, reader.place_of(name), reader.place_of(from), reader.place_of(to),
                    reader.place_of(family)};
  places.is_sound = !flow.from.empty() && !flow.to.empty() && family_value.has_value() == (family != nullptr);
  into.flows.push_back(places);
  into.topology.flows.push_back(std::move(flow));
}

}  // namespace

PlacedTopology parse_topology(TableReader& root, Mistakes& mistakes) {
  PlacedTopology placed;
  const TomlEntry* networks = root.find("network");
  const TomlEntry* nodes = root.find("node");
  const TomlEntry* flows = root.find("flow");
  const HypervisorLro lro = parse_hypervisor(root.find("hypervisor"), HypervisorLro::off, mistakes);

  for (const PlacedTable& table : read_at_most(max_networks, networks, mistakes))
    parse_network(table, lro, placed, mistakes);
  for (const PlacedTable& table : read_at_most(max_nodes, nodes, mistakes)) parse_node(table, placed, mistakes);
  for (const PlacedTable& table : read_at_most(max_flows, flows, mistakes)) parse_flow(table, placed, mistakes);

  for (const auto& [entry, word] : {std::pair(networks, "network"), {nodes, "node"}, {flows, "flow"}}) {
    const auto* array = entry == nullptr ? nullptr : std::get_if<TomlArray>(&entry->value.data);
    if (entry == nullptr || (array != nullptr && array->empty()))
      mistakes.add(root.place_of(entry), fmt::format("at least one [[{}]] is needed", word));
  }
  return placed;
}

}  // namespace offlab
