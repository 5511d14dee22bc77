#include "staying/switch_settings.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "lab/lab.h"
#include "plan/deadlines.h"
#include "plan/live_steps.h"
#include "process/file_lock.h"
#include "setting/guest_items.h"
#include "staying/control_connection.h"

namespace offlab {
namespace {

void apply_live(Topology& topology, const SettingText& setting) {
  const Topology before = topology;
  const std::string text = setting.first + "=" + setting.second;
  if (const auto mistake = apply_setting(topology, setting))
    throw UsageError(fmt::format("error: {}: {}\n{}", text, mistake->message,
                                 mistake->hint.empty() ? "" : "  hint: " + mistake->hint + "\n"));
  if (topology == before) return;
  switch (std::get<FoundSetting>(find_setting(before, setting.first)).row->cost) {
    case Cost::live:
      return;
    case Cost::run:
      throw UsageError(fmt::format(
          "error: {}: belongs to a run, not to a lab; `offlab run FILE --lab NAME --axis {}`\n", text, text));
    case Cost::new_lab:
      throw UsageError(
          fmt::format("error: {}: needs a new machine; end the lab (`offlab down`) and start one whose file "
                      "or case has it\n",
                      text));
  }
}

void check_media(const Topology& topology, const LabPlan& lab) {
  for (const BridgePlan& bridge : lab.bridges)
    for (const Node& node : topology.nodes)
      if (const Interface* interface = find_interface(node, bridge.name);
          interface != nullptr && effective_mtu(topology, *interface) > bridge.mtu)
        throw UsageError(fmt::format("error: {}'s mtu on {}: the network of this lab carries at most {}\n", node.name,
                                     bridge.name, bridge.mtu.bytes));
}

bool about_taps(const std::vector<SettingText>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const SettingText& one) { return one.first.find("hypervisor.lro") != std::string::npos; });
}

SettingReadBack read_item(const LiveState& state, const Topology& wanted, const GuestItem& item) {
  const SwitchRow& row = switch_row(item.what);
  const auto all = row.wanted(wanted, *find_node(wanted, item.node));
  const auto value = all.find(item);
  const std::string seen = row.seen(state, item).value_or("fixed");
  return {row.key(wanted, item), seen, seen == "fixed" || (value != all.end() && seen == value->second)};
}

void read_tap(const LiveState& state, const NicPlan& nic, HypervisorLro wanted, LroFamilies families,
              std::vector<SettingReadBack>& read) {
  const TapOffloads& tap = state.taps.at(nic.tap);
  read.push_back({fmt::format("{}.hypervisor.lro (tap {})", nic.network, nic.tap), std::string(to_string(tap.forced)),
                  tap.forced == wanted});
  const bool taken = tap.tso4 == (families != LroFamilies::ipv6) && tap.tso6 == (families != LroFamilies::ipv4);
  if (tap.forced != HypervisorLro::off && !taken)
    read.push_back({fmt::format("{}.hypervisor.lro-families (tap {})", nic.network, nic.tap), "otherwise", false});
}

}  // namespace

Topology switched(Topology topology, const std::vector<SettingText>& settings) {
  for (const SettingText& setting : settings) apply_live(topology, setting);
  return topology;
}

std::vector<SettingReadBack> read_back(const LiveState& state, const Topology& wanted, const LabPlan& lab,
                                       const std::vector<SettingText>& settings) {
  std::vector<SettingReadBack> read;
  for (const GuestItem& item : items_about(wanted, settings))
    if (switch_row(item.what).seen != nullptr) read.push_back(read_item(state, wanted, item));
  if (!about_taps(settings)) return read;
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics)
      if (node.device_under_test)
        read_tap(state, nic, effective_lro(wanted, *find_interface(*find_node(wanted, node.name), nic.network)),
                 wanted.lro_families, read);
  return read;
}

std::vector<SettingReadBack> switch_settings(const LabRegistry& registry, const ChosenLab& lab,
                                             const std::vector<SettingText>& settings, Observer& observer,
                                             const std::stop_token& stop) {
  const FileLock lock(lab.folder / "settings.lock", Deadline("another `offlab set`", limits::settings), stop);
  LabEntry entry = registry.read(lab.entry.name);
  const Topology from = running_topology(entry, lab.folder);
  const Topology to = switched(from, settings);
  check_media(to, entry.plan);
  if (const auto missing = missing_stage(to, entry.plan))
    throw UsageError(fmt::format("error: {}; start a lab whose file has a case with hypervisor.lro=merge\n", *missing));
  try {
    ask_lab(lab.folder, control::Set{live_steps(from, to, entry.plan, items_about(to, settings))},
            Deadline(fmt::format("settings of lab '{}' (it does one thing at a time)", entry.name), limits::settings),
            observer, stop);
  } catch (const Unsupported& unsupported) {
    throw UsageError(fmt::format("error: {}\n", unsupported.what()));
  }
  entry.set.insert(entry.set.end(), settings.begin(), settings.end());
  registry.write(entry);
  return read_back(read_live_state(lab.folder), to, entry.plan, settings);
}

}  // namespace offlab
