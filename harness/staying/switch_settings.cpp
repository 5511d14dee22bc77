#include "staying/switch_settings.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "base/usage_error.h"
#include "lab/lab.h"
#include "plan/live_steps.h"
#include "process/file_lock.h"
#include "staying/control_connection.h"

namespace offlab {
namespace {

using std::chrono::seconds;

constexpr Mtu no_mtu{0};

bool same_but_for_df(const std::vector<Flow>& a, std::vector<Flow> b) {
  for (std::size_t i = 0; i < b.size() && i < a.size(); ++i) b[i].df = a[i].df;
  return a == b;
}

void apply_live(Topology& topology, const SettingText& setting) {
  const Topology before = topology;
  const std::string text = setting.first + "=" + setting.second;
  if (const auto mistake = apply_setting(topology, setting))
    throw UsageError(fmt::format("error: {}: {}\n{}", text, mistake->message,
                                 mistake->hint.empty() ? "" : "  hint: " + mistake->hint + "\n"));
  if (machine_difference(before, topology))
    throw UsageError(
        fmt::format("error: {}: needs a new machine; end the lab (`offlab down`) and start one whose file "
                    "or case has it\n",
                    text));
  if (!same_but_for_df(before.flows, topology.flows))
    throw UsageError(
        fmt::format("error: {}: belongs to a run, not to a lab; `offlab run FILE --lab NAME --axis {}`\n", text, text));
}

void check_media(const Topology& topology, const LabPlan& lab) {
  for (const BridgePlan& bridge : lab.bridges)
    for (const Node& node : topology.nodes)
      if (const Interface* interface = find_interface(node, bridge.name);
          interface != nullptr && effective_mtu(topology, *interface) > bridge.mtu)
        throw UsageError(fmt::format("error: {}'s mtu on {}: the network of this lab carries at most {}\n", node.name,
                                     bridge.name, bridge.mtu.bytes));
}

// What the settings touch, whatever value it has: only these features, MTUs that are not `no_mtu`.
Topology touched_by(const Topology& topology, const std::vector<SettingText>& settings) {
  Topology touched = topology;
  for (Network& network : touched.networks) network.mtu = no_mtu;
  for (Node& node : touched.nodes)
    for (Interface& interface : node.interfaces) {
      interface.features.clear();
      if (interface.mtu) interface.mtu = no_mtu;
    }
  for (const SettingText& setting : settings) apply_setting(touched, setting);
  return touched;
}

// `from`, knowing nothing of what is touched: that is then carried out even when it seems to be so already.
Topology forget(Topology from, const Topology& touched) {
  for (Node& node : from.nodes)
    for (Interface& interface : node.interfaces) {
      const Interface& other = *find_interface(*find_node(touched, node.name), interface.network);
      for (const auto& [feature, on] : other.features) interface.features.erase(feature);
      if (effective_mtu(touched, other) != no_mtu) interface.mtu = no_mtu;
    }
  return from;
}

bool about_taps(const std::vector<SettingText>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const SettingText& one) { return one.first.find("hypervisor.lro") != std::string::npos; });
}

bool is_set(const std::vector<SettingText>& settings, const std::string& key) {
  return std::any_of(settings.begin(), settings.end(), [&](const SettingText& one) { return one.first == key; });
}

class ReadBack {
 public:
  explicit ReadBack(LiveState state) : state_(std::move(state)) {}

  void tell(const Topology& wanted, const Topology& touched, const LabPlan& lab, const std::vector<SettingText>& set) {
    const bool taps = about_taps(set);
    for (const Node& node : touched.nodes)
      for (const Interface& interface : node.interfaces) {
        const NicState& nic = state_.nics.at({node.name, interface.network});
        const std::string where = node.name + "." + interface.network;
        for (const auto& [feature, on] : interface.features) tell_feature(where, nic, feature, on);
        if (effective_mtu(touched, interface) != no_mtu)
          line(where + ".mtu", std::to_string(nic.mtu), std::to_string(effective_mtu(touched, interface).bytes));
      }
    for (const NodePlan& node : lab.nodes)
      for (const NicPlan& nic : node.nics)
        if (taps && node.device_under_test)
          tell_tap(nic, effective_lro(wanted, *find_interface(*find_node(wanted, node.name), nic.network)),
                   wanted.lro_families);
    for (const Flow& flow : wanted.flows)
      if (is_set(set, flow.name + ".df"))
        line(flow.name + ".df", state_.df.at(flow.from) ? "true" : "false", flow.df ? "true" : "false");
  }

  std::vector<SettingReadBack> take() { return std::move(read_); }

 private:
  void tell_feature(const std::string& where, const NicState& nic, const std::string& feature, bool wanted) {
    const auto found = nic.features.find(feature);
    const std::string value = found == nic.features.end() ? "fixed" : (found->second ? "on" : "off");
    line(where + "." + short_feature(feature), value, value == "fixed" ? value : (wanted ? "on" : "off"));
  }

  void tell_tap(const NicPlan& nic, HypervisorLro wanted, LroFamilies families) {
    const TapOffloads& tap = state_.taps.at(nic.tap);
    line(fmt::format("{}.hypervisor.lro (tap {})", nic.network, nic.tap), std::string(to_string(tap.forced)),
         std::string(to_string(wanted)));
    const bool taken = tap.tso4 == (families != LroFamilies::ipv6) && tap.tso6 == (families != LroFamilies::ipv4);
    if (tap.forced != HypervisorLro::off && !taken)
      read_.push_back({fmt::format("{}.hypervisor.lro-families (tap {})", nic.network, nic.tap), "otherwise", false});
  }

  void line(const std::string& key, const std::string& value, const std::string& wanted) {
    read_.push_back({key, value, value == wanted});
  }

  LiveState state_;
  std::vector<SettingReadBack> read_;
};

}  // namespace

std::vector<SettingReadBack> switch_settings(const LabRegistry& registry, const ChosenLab& lab,
                                             const std::vector<SettingText>& settings, Observer& observer,
                                             const std::stop_token& stop) {
  const FileLock lock(lab.folder / "settings.lock", Deadline("another `offlab set`", seconds(60)), stop);
  LabEntry entry = registry.read(lab.entry.name);
  const Topology from = running_topology(entry, lab.folder);
  Topology to = from;
  for (const SettingText& setting : settings) apply_live(to, setting);
  check_media(to, entry.plan);
  if (const auto missing = missing_stage(to, entry.plan))
    throw UsageError(fmt::format("error: {}; start a lab whose file has a case that merges\n", *missing));
  const Topology touched = touched_by(from, settings);
  try {
    ask_lab(lab.folder, control::Set{live_steps(forget(from, touched), to, entry.plan)},
            Deadline(fmt::format("settings of lab '{}' (it does one thing at a time)", entry.name), seconds(60)),
            observer, stop);
  } catch (const Unsupported& unsupported) {
    throw UsageError(fmt::format("error: {}\n", unsupported.what()));
  }
  entry.set.insert(entry.set.end(), settings.begin(), settings.end());
  registry.write(entry);
  ReadBack read_back(read_live_state(lab.folder));
  read_back.tell(to, touched, entry.plan, settings);
  return read_back.take();
}

}  // namespace offlab
