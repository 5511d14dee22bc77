#include "model/setting.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "base/diagnostic.h"
#include "model/shaping_text.h"

namespace offlab {
namespace {

using Result = std::optional<SettingError>;

Result bad_value(const SettingText& setting, const std::string& wanted) {
  return SettingError{false, fmt::format("'{}' is not a value of '{}'", setting.second, setting.first), wanted};
}

std::optional<unsigned> parse_number(const std::string& text, unsigned low, unsigned high) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) return std::nullopt;
  return number;
}

std::optional<HypervisorLro> lro_value(const SettingText& setting, Result& problem) {
  const auto lro = parse_hypervisor_lro(setting.second);
  if (!lro) problem = bad_value(setting, "one of: off, passthrough, merge");
  return lro;
}

Result set_hypervisor_lro(const SettingText& setting, const std::vector<Network*>& networks) {
  Result problem;
  if (const auto lro = lro_value(setting, problem))
    for (Network* network : networks) network->hypervisor_lro = *lro;
  return problem;
}

Result set_interface_lro(const SettingText& setting, const std::vector<Interface*>& interfaces) {
  Result problem;
  if (const auto lro = lro_value(setting, problem))
    for (Interface* interface : interfaces) interface->hypervisor_lro = *lro;
  return problem;
}

Result set_lro_families(const SettingText& setting, Topology& topology) {
  const auto families = parse_lro_families(setting.second);
  if (!families) return bad_value(setting, "one of: both, ipv4, ipv6");
  topology.lro_families = *families;
  return std::nullopt;
}

Result set_mtu(const SettingText& setting, const std::vector<std::optional<Mtu>*>& interfaces, Mtu* network) {
  const auto bytes = parse_number(setting.second, 68, 65535);
  if (!bytes) return bad_value(setting, "a number from 68 to 65535");
  for (auto* interface : interfaces) *interface = Mtu{*bytes};
  if (network != nullptr) *network = Mtu{*bytes};
  return std::nullopt;
}

const std::vector<std::string>& limit_words() {
  static const std::vector<std::string> words = {"coverage",   "amplification", "retransmits",
                                                 "reordering", "liveness",      "strict"};
  return words;
}

Result set_limit(const SettingText& setting, const std::string& word, Limits& limits) {
  if (word == "strict") {
    if (setting.second != "true" && setting.second != "false") return bad_value(setting, "one of: true, false");
    limits.strict = setting.second == "true";
    return std::nullopt;
  }
  if (word == "liveness") {
    const auto seconds = parse_duration_seconds(setting.second);
    if (!seconds || *seconds < 0.1) return bad_value(setting, "a duration, as in \"2s\"");
    limits.liveness_seconds = *seconds;
    return std::nullopt;
  }
  if (word == "amplification") {
    char* end = nullptr;
    const double ratio = std::strtod(setting.second.c_str(), &end);
    if (setting.second.empty() || *end != '\0' || !(ratio >= 1 && ratio <= 100))
      return bad_value(setting, "a number from 1 to 100");
    limits.amplification = ratio;
    return std::nullopt;
  }
  const auto share = parse_share(setting.second);
  if (!share) return bad_value(setting, "a share, as in \"0.1%\"");
  (word == "coverage" ? limits.coverage : word == "retransmits" ? limits.retransmits : limits.reordering) = *share;
  return std::nullopt;
}

const std::vector<std::string>& network_words() {
  static const std::vector<std::string> words = {"hypervisor.lro", "mtu", "rate", "delay", "loss"};
  return words;
}

std::vector<std::string> interface_words() {
  std::vector<std::string> words = {"model", "mtu", "hypervisor.lro"};
  for (const std::string& name : virtio_host_offloads()) words.push_back("host." + name);
  for (const std::string& name : virtio_guest_offloads()) words.push_back("guest." + name);
  words.insert(words.end(), feature_names().begin(), feature_names().end());
  return words;
}

Result unknown_word(const SettingText& setting, const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = nearest_word(word, known);
  const std::string prefix = setting.first.substr(0, setting.first.size() - word.size());
  return SettingError{true, fmt::format("unknown setting '{}'", setting.first),
                      nearest.empty() ? "settings are listed by 'offlab validate --settings FILE'"
                                      : fmt::format("did you mean '{}{}'?", prefix, nearest)};
}

std::optional<bool> switch_value(const std::string& text) {
  if (text == "on" || text == "true") return true;
  if (text == "off" || text == "false") return false;
  return std::nullopt;
}

// "host.tso4", "guest.csum": offloads of a virtio NIC at define time.
Result set_virtio_offload(const SettingText& setting, const std::string& side, const std::string& name,
                          const std::vector<Interface*>& interfaces) {
  const auto& names = side == "host" ? virtio_host_offloads() : virtio_guest_offloads();
  if (std::find(names.begin(), names.end(), name) == names.end()) return unknown_word(setting, name, names);
  const auto on = switch_value(setting.second);
  if (!on) return bad_value(setting, "one of: on, off");
  for (Interface* interface : interfaces)
    (side == "host" ? interface->host_offloads : interface->guest_offloads)[name] = *on;
  return std::nullopt;
}

Result set_on_interfaces(const SettingText& setting, const std::string& word,
                         const std::vector<Interface*>& interfaces) {
  if (word == "hypervisor.lro") return set_interface_lro(setting, interfaces);
  if (word.rfind("host.", 0) == 0) return set_virtio_offload(setting, "host", word.substr(5), interfaces);
  if (word.rfind("guest.", 0) == 0) return set_virtio_offload(setting, "guest", word.substr(6), interfaces);
  if (word == "model") {
    const auto model = parse_nic_model(setting.second);
    if (!model) return bad_value(setting, fmt::format("one of: {}", fmt::join(nic_model_names(), ", ")));
    for (Interface* interface : interfaces) interface->model = *model;
    return std::nullopt;
  }
  if (word == "mtu") {
    std::vector<std::optional<Mtu>*> mtus;
    for (Interface* interface : interfaces) mtus.push_back(&interface->mtu);
    return set_mtu(setting, mtus, nullptr);
  }
  const auto feature = canonical_feature(word);
  if (!feature) return unknown_word(setting, word, interface_words());
  const auto on = switch_value(setting.second);
  if (!on) return bad_value(setting, "one of: on, off");
  for (Interface* interface : interfaces) interface->features[*feature] = *on;
  return std::nullopt;
}

Result set_number(const SettingText& setting, unsigned low, unsigned high, const char* unit, unsigned& number) {
  const auto value = parse_number(setting.second, low, high);
  if (!value) return bad_value(setting, fmt::format("{}a number from {} to {}", unit, low, high));
  number = *value;
  return std::nullopt;
}

bool has_end_on(const Topology& topology, const std::string& network) {
  return std::any_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& node) {
    return !is_device_under_test(node) && find_interface(node, network) != nullptr;
  });
}

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

// `word`: what follows the node's name, or the names of the node and of one of its networks.
Result set_on_node(const SettingText& setting, Node& node, const std::string& word) {
  if (word == "vcpus") return set_number(setting, 1, 64, "", node.vcpus);
  if (word == "memory") return set_number(setting, 128, 65536, "MiB, ", node.memory_mib);
  if (word == "kernel") {
    if (!is_kernel_release(setting.second)) return bad_value(setting, "a release as in 6.1.0-47-amd64");
    node.kernel = setting.second;
    return std::nullopt;
  }
  if (ends_with(word, "hypervisor.lro") && !is_device_under_test(node))
    return SettingError{
        true, fmt::format("'{}' is not under test; hypervisor.lro acts on routers and bridges", node.name), ""};
  std::vector<Interface*> interfaces;
  const std::string first = word.substr(0, word.find('.'));
  for (Interface& interface : node.interfaces)
    if (interface.network == first && first.size() < word.size()) interfaces.push_back(&interface);
  if (!interfaces.empty()) return set_on_interfaces(setting, word.substr(first.size() + 1), interfaces);
  const bool is_side = first == "hypervisor" || first == "host" || first == "guest";
  if (first.size() < word.size() && !is_side)
    return SettingError{true, fmt::format("node '{}' has no interface on a network '{}'", node.name, first), ""};
  for (Interface& interface : node.interfaces) interfaces.push_back(&interface);
  return set_on_interfaces(setting, word, interfaces);
}

// rate, delay and loss of a network.
Result set_shaping(const SettingText& setting, const std::string& word, Shaping& shaping) {
  if (word == "rate") {
    const auto rate = parse_rate(setting.second);
    if (!rate) return bad_value(setting, "a rate as in 100mbit, from 8 kbit to 100 Gbit");
    shaping.rate = *rate;
  } else if (word == "delay") {
    const auto delay = parse_delay(setting.second);
    if (!delay) return bad_value(setting, "a time as in 10ms, at most 10 s");
    shaping.delay_seconds = *delay;
  } else {
    const auto loss = parse_loss(setting.second);
    if (!loss) return bad_value(setting, "a share as in 0.5%, at most 100%");
    shaping.loss = *loss;
  }
  return std::nullopt;
}

Result set_on_flow(const SettingText& setting, Flow& flow, const std::string& word) {
  if (word == "df") {
    if (setting.second != "true" && setting.second != "false") return bad_value(setting, "one of: true, false");
    flow.df = setting.second == "true";
    return std::nullopt;
  }
  if (word == "family") {
    const auto family = parse_family(setting.second);
    if (!family) return bad_value(setting, "one of: ipv4, ipv6");
    flow.family = *family;
    return std::nullopt;
  }
  if (word == "streams") return set_number(setting, 1, max_streams, "", flow.streams);
  return unknown_word(setting, word, {"df", "family", "streams"});
}

Flow* find_flow(Topology& topology, const std::string& name) {
  for (Flow& flow : topology.flows)
    if (flow.name == name) return &flow;
  return nullptr;
}

}  // namespace

bool is_kernel_release(std::string_view text) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
  return !text.empty() && text.size() <= 60 && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         text.find_first_not_of(characters) == std::string_view::npos;
}

std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting) {
  const std::string& key = setting.first;
  const std::string name = key.substr(0, key.find('.'));
  const std::string word = name.size() == key.size() ? "" : key.substr(name.size() + 1);
  if (key == "hypervisor.lro") {
    std::vector<Network*> all;
    for (Network& network : topology.networks) all.push_back(&network);
    return set_hypervisor_lro(setting, all);
  }
  if (key == "hypervisor.lro-families") return set_lro_families(setting, topology);
  if (word.empty()) return unknown_word(setting, key, setting_keys(topology));
  if (name == "limits" && std::count(limit_words().begin(), limit_words().end(), word) != 0)
    return set_limit(setting, word, topology.limits);
  if (Network* network = find_network(topology, name); network != nullptr) {
    if (word == "hypervisor.lro") return set_hypervisor_lro(setting, {network});
    if (word == "mtu") return set_mtu(setting, {}, &network->mtu);
    if (word == "rate" || word == "delay" || word == "loss") {
      if (has_end_on(topology, name)) return set_shaping(setting, word, network->shaping);
      return SettingError{true, fmt::format("network '{}' has no client or server that could be held back", name), ""};
    }
    return unknown_word(setting, word, network_words());
  }
  if (Node* node = find_node(topology, name); node != nullptr) return set_on_node(setting, *node, word);
  if (Flow* flow = find_flow(topology, name); flow != nullptr) return set_on_flow(setting, *flow, word);
  return unknown_word(setting, key, setting_keys(topology));
}

std::vector<std::string> setting_keys(const Topology& topology) {
  std::vector<std::string> keys = {"hypervisor.lro", "hypervisor.lro-families"};
  for (const std::string& word : limit_words()) keys.push_back("limits." + word);
  for (const Network& network : topology.networks)
    for (const std::string& word : network_words())
      if (word == "mtu" || word == "hypervisor.lro" || has_end_on(topology, network.name))
        keys.push_back(fmt::format("{}.{}", network.name, word));
  for (const Node& node : topology.nodes) {
    for (const auto& word : {"vcpus", "memory", "kernel"}) keys.push_back(fmt::format("{}.{}", node.name, word));
    for (const std::string& word : interface_words()) {
      if (word == "hypervisor.lro" && !is_device_under_test(node)) continue;
      keys.push_back(fmt::format("{}.{}", node.name, word));
      for (const Interface& interface : node.interfaces)
        keys.push_back(fmt::format("{}.{}.{}", node.name, interface.network, word));
    }
  }
  for (const Flow& flow : topology.flows)
    for (const auto& word : {"df", "family", "streams"}) keys.push_back(fmt::format("{}.{}", flow.name, word));
  return keys;
}

std::string describe_settings(const Topology& topology) {
  std::string text;
  const auto line = [&](const std::string& key, const std::string& values) {
    text += fmt::format("  {:<28} {}\n", key, values);
  };
  line("hypervisor.lro", "off | passthrough | merge (every NIC of the routers)");
  line("hypervisor.lro-families", "both | ipv4 | ipv6 (whose merged frames are accepted)");
  line("limits.coverage", "a share (0.1%); likewise retransmits, reordering, amplification, liveness (2s), strict");
  for (const Network& network : topology.networks) {
    line(network.name + ".hypervisor.lro", "off | passthrough | merge");
    line(network.name + ".mtu", "68..65535 (interfaces without an own MTU follow)");
    if (has_end_on(topology, network.name))
      line(network.name + ".rate", "a rate (100mbit); likewise delay (10ms) and loss (0.1%)");
  }
  for (const Node& node : topology.nodes) {
    line(node.name + ".model", fmt::format("{}", fmt::join(nic_model_names(), " | ")));
    line(node.name + ".mtu", "68..65535");
    if (is_device_under_test(node)) line(node.name + ".hypervisor.lro", "off | passthrough | merge, on its NICs only");
    line(node.name + ".lro",
         "on | off; likewise gro, gso, tso, rx, tx, sg, rxvlan, txvlan, and every name of `ethtool -k`");
    line(node.name + ".host.tso4", "on | off, at define time, virtio only; likewise host.* and guest.* of libvirt");
    for (const Interface& interface : node.interfaces)
      line(fmt::format("{}.{}.KEY", node.name, interface.network), "any of these for that one interface");
    line(node.name + ".vcpus", "1..64");
    line(node.name + ".memory", "MiB, 128..65536");
    line(node.name + ".kernel", "a Debian kernel's release (6.1.0-47-amd64)");
  }
  for (const Flow& flow : topology.flows) {
    line(flow.name + ".df", "true | false");
    line(flow.name + ".family", "ipv4 | ipv6");
    line(flow.name + ".streams", fmt::format("1..{}", max_streams));
  }
  return text;
}

}  // namespace offlab
