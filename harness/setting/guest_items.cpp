#include "setting/guest_items.h"

#include <algorithm>

#include <fmt/core.h>

#include "family/guest_family.h"
#include "setting/end_commands.h"
#include "setting/find_setting.h"
#include "setting/switch_commands.h"
#include "setting/sysctl.h"

namespace offlab {
namespace {

using Wanted = std::map<GuestItem, std::string>;
using Commands = std::vector<std::string>;

std::string key_of_nic(const GuestItem& item, std::string_view word) {
  return fmt::format("{}.{}.{}", item.node, item.network, word);
}

std::string on_off(bool on) {
  return on ? "on" : "off";
}

const NicState* nic_state(const LiveState& state, const GuestItem& item) {
  const auto found = state.nics.find({item.node, item.network});
  return found == state.nics.end() ? nullptr : &found->second;
}

const SwitchRow mtus = {
    .what = Switch::mtu,
    .wanted =
        [](const Topology& topology, const Node& node) {
          Wanted wanted;
          for (const Interface& interface : node.interfaces)
            wanted[{Switch::mtu, node.name, interface.network}] =
                std::to_string(effective_mtu(topology, interface).bytes);
          return wanted;
        },
    .commands =
        [](const Topology& topology, const Node& node, const GuestItem& item) {
          const Interface& interface = *find_interface(node, item.network);
          const Mtu mtu = effective_mtu(topology, interface);
          if (node.existing && node.existing->system != SystemKind::gnu_linux)
            return Commands{family_of(node.existing->system).set_mtu(device_of(interface), mtu.bytes)};
          Commands commands = {mtu_command(device_of(interface), interface.model, mtu)};
          if (interface.vlan)
            commands.push_back(fmt::format("ip link set dev {} mtu {}", addressed_device(interface), mtu.bytes));
          if (node.container) {
            const auto own = container_mtu(topology, node).bytes;
            commands.push_back(fmt::format("ip link set dev {0} mtu {1}; ip -n {0} link set dev eth0 mtu {1}",
                                           container_namespace, own));
          }
          return commands;
        },
    .key = [](const Topology&, const GuestItem& item) { return key_of_nic(item, "mtu"); },
    .seen = [](const LiveState& state, const GuestItem& item) -> std::optional<std::string> {
      const NicState* nic = nic_state(state, item);
      return nic == nullptr ? "unknown" : std::to_string(nic->mtu);
    },
};

const SwitchRow of_shaping = {
    .what = Switch::shaping,
    .wanted =
        [](const Topology& topology, const Node& node) {
          Wanted wanted;
          if (is_device_under_test(node)) return wanted;
          for (const Interface& interface : node.interfaces)
            wanted[{Switch::shaping, node.name, interface.network}] =
                shaping_command(addressed_device(interface), find_network(topology, interface.network)->shaping);
          return wanted;
        },
    .commands =
        [](const Topology& topology, const Node& node, const GuestItem& item) {
          const Interface& interface = *find_interface(node, item.network);
          return Commands{shaping_command(addressed_device(interface), find_network(topology, item.network)->shaping)};
        },
    .key = [](const Topology&, const GuestItem& item) { return item.network + ".rate"; },
};

const SwitchRow of_windows = {
    .what = Switch::windows,
    .wanted =
        [](const Topology& topology, const Node& node) {
          return Wanted{{{Switch::windows, node.name}, std::to_string(streams_at(topology, node.name))}};
        },
    .commands =
        [](const Topology& topology, const Node& node, const GuestItem&) {
          return Commands{in_namespace(end_namespace(node), windows_command(node, streams_at(topology, node.name)))};
        },
    .key = [](const Topology&, const GuestItem& item) { return item.node + " streams"; },
};

const SwitchRow of_df = {
    .what = Switch::df,
    .wanted =
        [](const Topology& topology, const Node& node) {
          return Wanted{{{Switch::df, node.name}, sets_df(topology, node.name) ? "true" : "false"}};
        },
    .commands =
        [](const Topology& topology, const Node& node, const GuestItem&) {
          return Commands{in_namespace(end_namespace(node), df_command(sets_df(topology, node.name)))};
        },
    .key =
        [](const Topology& topology, const GuestItem& item) {
          std::string keys;
          for (const Flow& flow : topology.flows)
            if (flow.from == item.node) keys += fmt::format("{}{}.df", keys.empty() ? "" : ", ", flow.name);
          return keys;
        },
    .seen = [](const LiveState& state, const GuestItem& item) -> std::optional<std::string> {
      const auto found = state.df.find(item.node);
      if (found == state.df.end()) return "unknown";
      return found->second ? "true" : "false";
    },
};

const SwitchRow sysctls = {
    .what = Switch::sysctl,
    .wanted =
        [](const Topology&, const Node& node) {
          Wanted wanted;
          for (const auto& [name, value] : node.sysctls)
            wanted[{Switch::sysctl, node.name, {}, name}] = single_spaced(value);
          return wanted;
        },
    .key = [](const Topology&, const GuestItem& item) { return fmt::format("{}.sysctl.{}", item.node, item.name); },
    .seen = [](const LiveState& state, const GuestItem& item) -> std::optional<std::string> {
      const auto node = state.values.find(item.node);
      if (node == state.values.end()) return "unknown";
      const auto value = node->second.find(sysctl_file(item.name).name);
      return value == node->second.end() ? "unknown" : single_spaced(value->second);
    },
};

const SwitchRow offloads = {
    .what = Switch::offload,
    .wanted =
        [](const Topology&, const Node& node) {
          Wanted wanted;
          for (const Interface& interface : node.interfaces)
            for (const auto& [feature, on] : interface.features)
              wanted[{Switch::offload, node.name, interface.network, feature}] = on_off(on);
          return wanted;
        },
    .key = [](const Topology&, const GuestItem& item) { return key_of_nic(item, short_feature(item.name)); },
    .seen = [](const LiveState& state, const GuestItem& item) -> std::optional<std::string> {
      const NicState* nic = nic_state(state, item);
      if (nic == nullptr) return "unknown";
      const auto feature = nic->features.find(item.name);
      return feature == nic->features.end() ? std::nullopt : std::optional(on_off(feature->second));
    },
};

}  // namespace

const std::vector<SwitchRow>& switch_rows() {
  static const std::vector<SwitchRow> rows = {mtus, of_shaping, of_windows, of_df, sysctls, offloads};
  return rows;
}

const SwitchRow& switch_row(Switch what) {
  return *std::find_if(switch_rows().begin(), switch_rows().end(),
                       [&](const SwitchRow& row) { return row.what == what; });
}

std::map<GuestItem, std::string> wanted_items(const Topology& topology) {
  Wanted all;
  for (const SwitchRow& row : switch_rows())
    for (const Node& node : topology.nodes) all.merge(row.wanted(topology, node));
  return all;
}

GuestItems differing_items(const Topology& from, const Topology& to) {
  const Wanted before = wanted_items(from);
  const Wanted after = wanted_items(to);
  GuestItems differing;
  const auto add = [&](const Wanted& these, const Wanted& others) {
    for (const auto& [item, value] : these) {
      const auto other = others.find(item);
      if (other == others.end() || other->second != value) differing.insert(item);
    }
  };
  add(before, after);
  add(after, before);
  return differing;
}

GuestItems items_about(const Topology& topology, const std::vector<SettingText>& settings) {
  Topology changed = topology;
  for (const auto& [key, value] : settings) {
    const auto search = find_setting(topology, key);
    const auto* found = std::get_if<FoundSetting>(&search);
    if (found == nullptr || !found->row->change) continue;
    for (const Part& part : found->parts) found->row->change(changed, part, found->name);
  }
  return differing_items(changed, topology);
}

}  // namespace offlab
