#include "model/setting.h"

#include <algorithm>
#include <charconv>

#include <fmt/core.h>

#include "base/diagnostic.h"

namespace offlab {
namespace {

using Result = std::optional<SettingError>;

Result bad_value(const SettingText& setting, const std::string& wanted) {
  return SettingError{false, fmt::format("'{}' is not a value of '{}'", setting.second, setting.first), wanted};
}

std::vector<std::string> split_dots(const std::string& key) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', begin)) {
    words.push_back(key.substr(begin, dot - begin));
    begin = dot + 1;
  }
  words.push_back(key.substr(begin));
  return words;
}

std::optional<unsigned> parse_number(const std::string& text, unsigned low, unsigned high) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < low || number > high) return std::nullopt;
  return number;
}

Result set_hypervisor_lro(const SettingText& setting, const std::vector<Network*>& networks) {
  const auto lro = parse_hypervisor_lro(setting.second);
  if (!lro) return bad_value(setting, "one of: off, passthrough");
  if (*lro == HypervisorLro::merge)
    return SettingError{false, "hypervisor.lro = \"merge\" is not available yet", "use passthrough"};
  for (Network* network : networks) network->hypervisor_lro = *lro;
  return std::nullopt;
}

Result set_mtu(const SettingText& setting, const std::vector<std::optional<Mtu>*>& interfaces, Mtu* network) {
  const auto bytes = parse_number(setting.second, 68, 65535);
  if (!bytes) return bad_value(setting, "a number from 68 to 65535");
  for (auto* interface : interfaces) *interface = Mtu{*bytes};
  if (network != nullptr) *network = Mtu{*bytes};
  return std::nullopt;
}

std::vector<std::string> interface_words() {
  std::vector<std::string> words = {"model", "mtu"};
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

Result set_on_interfaces(const SettingText& setting, const std::string& word,
                         const std::vector<Interface*>& interfaces) {
  if (word == "model") {
    const auto model = parse_nic_model(setting.second);
    if (!model) return bad_value(setting, "one of: virtio, vmxnet3, e1000, e1000e");
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
  const bool on = setting.second == "on" || setting.second == "true";
  if (!on && setting.second != "off" && setting.second != "false") return bad_value(setting, "one of: on, off");
  for (Interface* interface : interfaces) interface->features[*feature] = on;
  return std::nullopt;
}

Result set_on_node(const SettingText& setting, Node& node, const std::vector<std::string>& words) {
  std::vector<Interface*> interfaces;
  for (Interface& interface : node.interfaces)
    if (words.size() == 2 || interface.network == words[1]) interfaces.push_back(&interface);
  if (words.size() == 3 && interfaces.empty())
    return SettingError{true, fmt::format("node '{}' has no interface on a network '{}'", node.name, words[1]), ""};
  if (words.size() == 2 && words[1] == "vcpus") {
    const auto number = parse_number(setting.second, 1, 64);
    if (!number) return bad_value(setting, "a number from 1 to 64");
    node.vcpus = *number;
    return std::nullopt;
  }
  if (words.size() == 2 && words[1] == "memory") {
    const auto number = parse_number(setting.second, 128, 65536);
    if (!number) return bad_value(setting, "MiB, a number from 128 to 65536");
    node.memory_mib = *number;
    return std::nullopt;
  }
  return set_on_interfaces(setting, words.back(), interfaces);
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
  return unknown_word(setting, word, {"df", "family"});
}

Flow* find_flow(Topology& topology, const std::string& name) {
  for (Flow& flow : topology.flows)
    if (flow.name == name) return &flow;
  return nullptr;
}

}  // namespace

std::optional<SettingError> apply_setting(Topology& topology, const SettingText& setting) {
  const std::vector<std::string> words = split_dots(setting.first);
  if (setting.first == "hypervisor.lro") {
    std::vector<Network*> all;
    for (Network& network : topology.networks) all.push_back(&network);
    return set_hypervisor_lro(setting, all);
  }
  if (Network* network = find_network(topology, words[0]); network != nullptr) {
    if (words.size() == 3 && words[1] == "hypervisor" && words[2] == "lro")
      return set_hypervisor_lro(setting, {network});
    if (words.size() == 2 && words[1] == "mtu") return set_mtu(setting, {}, &network->mtu);
    return unknown_word(setting, words.back(), {"mtu", "hypervisor.lro"});
  }
  if (Node* node = find_node(topology, words[0]); node != nullptr && (words.size() == 2 || words.size() == 3))
    return set_on_node(setting, *node, words);
  if (Flow* flow = find_flow(topology, words[0]); flow != nullptr && words.size() == 2)
    return set_on_flow(setting, *flow, words[1]);
  return unknown_word(setting, setting.first, setting_keys(topology));
}

std::vector<std::string> setting_keys(const Topology& topology) {
  std::vector<std::string> keys = {"hypervisor.lro"};
  for (const Network& network : topology.networks) {
    keys.push_back(network.name + ".hypervisor.lro");
    keys.push_back(network.name + ".mtu");
  }
  for (const Node& node : topology.nodes) {
    for (const auto& word : {"vcpus", "memory"}) keys.push_back(fmt::format("{}.{}", node.name, word));
    for (const std::string& word : interface_words()) {
      keys.push_back(fmt::format("{}.{}", node.name, word));
      for (const Interface& interface : node.interfaces)
        keys.push_back(fmt::format("{}.{}.{}", node.name, interface.network, word));
    }
  }
  for (const Flow& flow : topology.flows)
    for (const auto& word : {"df", "family"}) keys.push_back(fmt::format("{}.{}", flow.name, word));
  return keys;
}

std::string describe_settings(const Topology& topology) {
  std::string text;
  const auto line = [&](const std::string& key, const std::string& values) {
    text += fmt::format("  {:<28} {}\n", key, values);
  };
  line("hypervisor.lro", "off | passthrough (every NIC of the routers)");
  for (const Network& network : topology.networks) {
    line(network.name + ".hypervisor.lro", "off | passthrough");
    line(network.name + ".mtu", "68..65535 (interfaces without an own MTU follow)");
  }
  for (const Node& node : topology.nodes) {
    line(node.name + ".model", "virtio | vmxnet3 | e1000 | e1000e");
    line(node.name + ".mtu", "68..65535");
    line(node.name + ".lro",
         "on | off; likewise gro, gso, tso, rx, tx, sg, rxvlan, txvlan, and every name of `ethtool -k`");
    for (const Interface& interface : node.interfaces)
      line(fmt::format("{}.{}.KEY", node.name, interface.network), "model, mtu or an offload of that one interface");
    line(node.name + ".vcpus", "1..64");
    line(node.name + ".memory", "MiB, 128..65536");
  }
  for (const Flow& flow : topology.flows) {
    line(flow.name + ".df", "true | false");
    line(flow.name + ".family", "ipv4 | ipv6");
  }
  return text;
}

}  // namespace offlab
