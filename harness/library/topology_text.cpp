// A topology as the file that the program reads.
#include <filesystem>
#include <sstream>

#include <offlab/topology.h>
#include <toml++/toml.h>

namespace offlab {
inline namespace v0 {
namespace {

void add(toml::table& table, const char* key, const std::string& value) {
  if (!value.empty()) table.insert(key, value);
}

void add(toml::table& table, const char* key, const std::optional<unsigned>& value) {
  if (value) table.insert(key, static_cast<std::int64_t>(*value));
}

void add(toml::table& table, const char* key, const std::map<std::string, std::string>& values) {
  toml::table inner;
  for (const auto& [name, value] : values) inner.insert(name, value);
  if (!inner.empty()) table.insert(key, std::move(inner));
}

void add(toml::table& table, const char* key, const std::vector<std::string>& values) {
  toml::array list;
  for (const std::string& value : values) list.push_back(value);
  if (!list.empty()) table.insert(key, std::move(list));
}

toml::table table_of(const Network& network) {
  toml::table table;
  add(table, "name", network.name);
  add(table, "ipv4", network.ipv4);
  add(table, "ipv6", network.ipv6);
  add(table, "mtu", network.mtu);
  add(table, "rate", network.rate);
  add(table, "delay", network.delay);
  add(table, "loss", network.loss);
  return table;
}

toml::table table_of(const Interface& interface) {
  toml::table table;
  add(table, "network", interface.network);
  add(table, "model", interface.model);
  add(table, "mtu", interface.mtu);
  add(table, "offloads", interface.offloads);
  return table;
}

template <typename Thing>
void add_all(toml::table& table, const char* key, const std::vector<Thing>& things);

toml::table table_of(const Node& node) {
  toml::table table;
  add(table, "name", node.name);
  add(table, "role", node.role);
  add(table, "image", node.image);
  add(table, "vcpus", node.vcpus);
  add(table, "memory", node.memory_mib);
  add(table, "offloads", node.offloads);
  add(table, "boot", node.boot);
  add(table, "setup", node.setup);
  add_all(table, "interfaces", node.interfaces);
  return table;
}

toml::table table_of(const Flow& flow) {
  toml::table table;
  add(table, "name", flow.name);
  add(table, "from", flow.from);
  add(table, "to", flow.to);
  add(table, "family", flow.family);
  if (!flow.df) table.insert("df", false);
  if (flow.streams != 1) table.insert("streams", static_cast<std::int64_t>(flow.streams));
  return table;
}

toml::table table_of(const Case& one) {
  toml::table table;
  add(table, "name", one.name);
  toml::table settings;
  for (const Setting& setting : one.set.list()) settings.insert_or_assign(setting.key, setting.value);
  if (!settings.empty()) table.insert("set", std::move(settings));
  add(table, "expect", one.expect);
  return table;
}

template <typename Thing>
void add_all(toml::table& table, const char* key, const std::vector<Thing>& things) {
  toml::array list;
  for (const Thing& thing : things) list.push_back(table_of(thing));
  if (!list.empty()) table.insert(key, std::move(list));
}

toml::table table_of(const Measure& measure) {
  toml::table table;
  add(table, "duration", measure.duration);
  add(table, "warmup", measure.warmup);
  add(table, "rounds", measure.rounds);
  return table;
}

std::string name_of(const Topology& topology) {
  if (!topology.name.empty()) return topology.name;
  const std::string stem = std::filesystem::path(topology.file).stem();
  return stem.empty() ? "topology" : stem;
}

}  // namespace

std::string Topology::toml() const {
  toml::table table;
  table.insert("name", name_of(*this));
  if (!file.empty()) table.insert("extend", std::filesystem::absolute(file).string());
  add_all(table, "network", networks);
  add_all(table, "node", nodes);
  add_all(table, "flow", flows);
  toml::table wanted;
  for (const Axis& axis : axes) add(wanted, axis.key.c_str(), axis.values);
  if (!wanted.empty()) table.insert("axes", std::move(wanted));
  add_all(table, "case", cases);
  if (::toml::table measured = table_of(measure); !measured.empty()) table.insert("measure", std::move(measured));
  std::ostringstream text;
  text << ::toml::toml_formatter(table) << "\n";
  return text.str();
}

}  // namespace v0
}  // namespace offlab
