#include "config/parse_topology.h"

#include <fmt/core.h>

#include "config/names.h"
#include "config/parse_measure.h"
#include "setting/shaping_text.h"
#include "setting/values.h"

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

// The same on the top level, where the families stand, too.
HypervisorLro parse_default_hypervisor(const TomlEntry* entry, Topology& topology, Mistakes& mistakes) {
  const auto table = read_table(entry, mistakes);
  if (!table) return HypervisorLro::off;
  TableReader reader(file_table("hypervisor"), *table->table, table->position, mistakes);
  const TomlEntry* lro = reader.find("lro");
  const TomlEntry* of_families = reader.find("lro-families");
  if (const auto host = read_text(reader.find("host"), mistakes)) topology.hosts = HostLro{.file = *host};
  reader.refuse_unknown_keys();
  topology.lro_families = read_word(of_families, parse_lro_families, reader.key("lro-families").words, mistakes)
                              .value_or(LroFamilies::both);
  return read_word(lro, parse_hypervisor_lro, reader.key("lro").words, mistakes).value_or(HypervisorLro::off);
}

// A value that is text, read by `parse`; `wanted` is the hint.
template <typename Parse>
auto read_quantity(const TomlEntry* entry, Parse parse, const char* wanted, Mistakes& mistakes)
    -> decltype(parse(std::string())) {
  const auto text = read_string(entry, mistakes);
  if (!text) return std::nullopt;
  const auto value = parse(*text);
  if (!value) mistakes.add(entry->value.position, fmt::format("'{}' is not a valid '{}'", *text, entry->key), wanted);
  return value;
}

Shaping parse_shaping(const TomlEntry* rate, const TomlEntry* delay, const TomlEntry* loss, const TomlEntry* queue,
                      Mistakes& mistakes) {
  Shaping shaping;
  shaping.rate = read_quantity(rate, parse_rate, "a rate as in \"100mbit\", from 8 kbit to 100 Gbit", mistakes);
  shaping.delay_seconds =
      read_quantity(delay, parse_delay, "a time as in \"10ms\", at most 10 s", mistakes).value_or(0);
  shaping.loss = read_quantity(loss, parse_loss, "a share as in \"0.5%\"", mistakes).value_or(0);
  shaping.queue = read_quantity(queue, parse_queue, "a size as in \"200kB\", from 70 kB to 100 MB", mistakes);
  return shaping;
}

void parse_network(const PlacedTable& table, HypervisorLro default_lro, PlacedTopology& into, Mistakes& mistakes) {
  TableReader reader(file_table("network"), *table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* ipv4 = reader.find("ipv4");
  const TomlEntry* ipv6 = reader.find("ipv6");
  const TomlEntry* mtu = reader.find("mtu");
  const TomlEntry* hypervisor = reader.find("hypervisor");
  const TomlEntry* host_mtu = reader.find("host_mtu");
  const TomlEntry* trunk = reader.find("trunk");
  const TomlEntry* vlan = reader.find("vlan");
  const TomlEntry* rate = reader.find("rate");
  const TomlEntry* delay = reader.find("delay");
  const TomlEntry* loss = reader.find("loss");
  const TomlEntry* queue = reader.find("queue");
  const TomlEntry* deployed = reader.find("deployed");
  reader.refuse_unknown_keys();

  Network network;
  network.name = read_network_name(name, mistakes);
  network.ipv4 = read_prefix(ipv4, Family::ipv4, mistakes);
  network.ipv6 = read_prefix(ipv6, Family::ipv6, mistakes);
  if (const auto bytes = read_integer(mtu, reader.key("mtu"), mistakes))
    network.mtu = {static_cast<std::uint32_t>(*bytes)};
  network.hypervisor_lro = parse_hypervisor(hypervisor, mistakes).value_or(default_lro);
  if (const auto bytes = read_integer(host_mtu, reader.key("host_mtu"), mistakes))
    network.host_mtu = Mtu{static_cast<std::uint32_t>(*bytes)};
  if (trunk != nullptr) network.trunk = read_network_name(trunk, mistakes);
  if (const auto tag = read_integer(vlan, reader.key("vlan"), mistakes)) network.vlan = static_cast<unsigned>(*tag);
  if (vlan != nullptr && trunk == nullptr)
    mistakes.add(vlan->key_position, "'vlan' of a network is its tag on a 'trunk', which is missing",
                 "trunk = \"wire\"; or 'vlan' in each interface");
  network.shaping = parse_shaping(rate, delay, loss, queue, mistakes);

  const TomlEntry* shaped = nullptr;
  for (const TomlEntry* one : {rate, delay, loss, queue})
    if (shaped == nullptr) shaped = one;
  NetworkPlaces places{table.position,        reader.place_of(name),   reader.place_of(ipv4),
                       reader.place_of(ipv6), reader.place_of(shaped), reader.place_of(trunk)};
  places.deployed = read_boolean(deployed, mistakes).value_or(false);
  places.is_sound = network.ipv4.has_value() == (ipv4 != nullptr) && network.ipv6.has_value() == (ipv6 != nullptr);
  into.networks.push_back(places);
  into.topology.networks.push_back(std::move(network));
}

Background parse_background(const TomlEntry* entry, Mistakes& mistakes) {
  Background background;
  const auto table = read_table(entry, mistakes);
  if (!table) return background;
  TableReader reader(file_table("background"), *table->table, table->position, mistakes);
  const TomlEntry* sender = reader.find("sender");
  const TomlEntry* streams = reader.find("streams");
  const TomlEntry* object = reader.find("object");
  const TomlEntry* every = reader.find("every");
  const TomlEntry* rate = reader.find("rate");
  const TomlEntry* direction = reader.find("direction");
  reader.refuse_unknown_keys();
  background.sender =
      read_word(sender, parse_background_sender, reader.key("sender").words, mistakes).value_or(BackgroundSender::bsd);
  if (const auto count = read_integer(streams, reader.key("streams"), mistakes))
    background.streams = static_cast<unsigned>(*count);
  background.object = read_bytes(object, reader.key("object"), mistakes).value_or(background.object);
  background.every_seconds = read_seconds(every, reader.key("every"), mistakes).value_or(background.every_seconds);
  background.rate = read_quantity(rate, parse_rate, "a rate as in \"100mbit\", from 8 kbit to 100 Gbit", mistakes)
                        .value_or(background.rate);
  const auto parse_opposite = [](std::string_view word) {
    return word == "same" || word == "opposite" ? std::optional(word == "opposite") : std::nullopt;
  };
  background.opposite = read_word(direction, parse_opposite, reader.key("direction").words, mistakes).value_or(false);
  return background;
}

void parse_flow(const PlacedTable& table, PlacedTopology& into, Mistakes& mistakes) {
  TableReader reader(file_table("flow"), *table.table, table.position, mistakes);
  const TomlEntry* name = reader.require("name");
  const TomlEntry* from = reader.require("from");
  const TomlEntry* to = reader.require("to");
  const TomlEntry* initiator = reader.find("initiator");
  const TomlEntry* connect = reader.find("connect");
  const TomlEntry* family = reader.find("family");
  const TomlEntry* df = reader.find("df");
  const TomlEntry* streams = reader.find("streams");
  const TomlEntry* background = reader.find("background");
  reader.refuse_unknown_keys();

  Flow flow;
  flow.name = read_flow_name(name, mistakes);
  flow.from = read_text(from, mistakes).value_or("");
  flow.to = read_text(to, mistakes).value_or("");
  const auto family_value = read_word(family, parse_family, reader.key("family").words, mistakes);
  flow.family = family_value.value_or(Family::ipv4);
  flow.df = read_boolean(df, mistakes).value_or(true);
  if (const auto count = read_integer(streams, reader.key("streams"), mistakes))
    flow.streams = static_cast<unsigned>(*count);
  flow.background = parse_background(background, mistakes);
  flow.connect = read_quantity(connect, parse_endpoint, "an address and a port as in \"198.18.2.1:8080\"", mistakes);

  FlowPlaces places{table.position,
                    reader.place_of(name),
                    reader.place_of(from),
                    reader.place_of(to),
                    reader.place_of(family),
                    reader.place_of(background),
                    reader.place_of(initiator),
                    reader.place_of(connect),
                    initiator == nullptr ? std::nullopt : read_text(initiator, mistakes)};
  places.is_sound = !flow.from.empty() && !flow.to.empty() && family_value.has_value() == (family != nullptr);
  into.flows.push_back(places);
  into.topology.flows.push_back(std::move(flow));
}

}  // namespace

std::optional<HypervisorLro> parse_hypervisor(const TomlEntry* entry, Mistakes& mistakes) {
  const auto table = read_table(entry, mistakes);
  if (!table) return std::nullopt;
  TableReader reader(file_table("network-hypervisor"), *table->table, table->position, mistakes);
  const TomlEntry* lro = reader.find("lro");
  reader.refuse_unknown_keys();
  return read_word(lro, parse_hypervisor_lro, reader.key("lro").words, mistakes);
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

PlacedTopology parse_topology(TableReader& root, Mistakes& mistakes) {
  PlacedTopology placed;
  const TomlEntry* networks = root.find("network");
  const TomlEntry* nodes = root.find("node");
  const TomlEntry* flows = root.find("flow");
  const HypervisorLro lro = parse_default_hypervisor(root.find("hypervisor"), placed.topology, mistakes);

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
