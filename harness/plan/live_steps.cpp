#include "plan/live_steps.h"

#include <algorithm>

#include <fmt/core.h>

#include "plan/guest_commands.h"
#include "plan/make_plan.h"

namespace offlab {
namespace {

// The largest MTU that `set` can give to an interface of a lab that stays.
constexpr Mtu jumbo{9216};

const Interface& same_interface(const Topology& topology, const Node& node, const Interface& interface) {
  return *find_interface(*find_node(topology, node.name), interface.network);
}

// Offloads that differ, and all of the interface when its MTU changes: the NIC comes up anew then.
step::WantedFeatures changed_features(const Interface& from, const Interface& to, bool comes_up_anew) {
  step::WantedFeatures changed;
  for (const auto& [feature, on] : from.features)
    if (to.features.count(feature) == 0) changed[feature] = std::nullopt;
  for (const auto& [feature, on] : to.features) {
    const auto before = from.features.find(feature);
    if (comes_up_anew || before == from.features.end() || before->second != on) changed[feature] = on;
  }
  if (comes_up_anew) changed.try_emplace(std::string(feature_lro), std::nullopt);
  return changed;
}

step::ApplySettings guest_settings(const Topology& from, const Topology& to) {
  const Variation variation = variation_between(from, to);
  const bool df_changed = from.flows.front().df != to.flows.front().df;
  step::ApplySettings apply;
  for (const Node& node : to.nodes) {
    step::NodeSettings wanted{node.name, {}, {}};
    bool concerned = df_changed || variation.streams.count(node.name) != 0;
    for (const Interface& interface : node.interfaces) {
      const bool comes_up_anew = variation.mtus.count({node.name, interface.network}) != 0;
      concerned = concerned || comes_up_anew || variation.shaping.count(interface.network) != 0;
      auto changed = changed_features(same_interface(from, node, interface), interface, comes_up_anew);
      if (!changed.empty()) wanted.features[device_of(interface)] = std::move(changed);
    }
    if (concerned) wanted.commands = leg_commands(to, node, variation);
    if (!wanted.commands.empty() || !wanted.features.empty()) apply.nodes.push_back(std::move(wanted));
  }
  return apply;
}

std::string interface_difference(const Node& running, const Node& wanted) {
  for (const Interface& interface : wanted.interfaces) {
    const Interface* other = find_interface(running, interface.network);
    if (other == nullptr) return fmt::format("{} has no NIC on {} in the lab", wanted.name, interface.network);
    if (other->model != interface.model)
      return fmt::format("{}'s NIC on {} is {} in the lab, {} here", wanted.name, interface.network,
                         to_string(other->model), to_string(interface.model));
  }
  return {};
}

std::string node_difference(const Node& running, const Node& wanted) {
  const auto differs = [&](const char* what, const auto& in_lab, const auto& here) {
    return fmt::format("{} has {} {} in the lab, {} here", wanted.name, what, in_lab, here);
  };
  if (running.role != wanted.role) return differs("role", to_string(running.role), to_string(wanted.role));
  if (running.image != wanted.image) return differs("image", running.image, wanted.image);
  if (running.kernel != wanted.kernel) return differs("kernel", running.kernel, wanted.kernel);
  if (running.vcpus != wanted.vcpus) return differs("vcpus", running.vcpus, wanted.vcpus);
  if (running.memory_mib != wanted.memory_mib) return differs("memory", running.memory_mib, wanted.memory_mib);
  if (std::string text = interface_difference(running, wanted); !text.empty()) return text;
  return fmt::format("{}'s addresses, interfaces or setup differ", wanted.name);
}

}  // namespace

Topology with_live_settings(const Topology& machines, const Topology& settings) {
  Topology result = machines;
  result.flows = settings.flows;
  result.lro_families = settings.lro_families;
  for (Network& network : result.networks)
    if (const Network* other = find_network(settings, network.name)) {
      network.mtu = other->mtu;
      network.hypervisor_lro = other->hypervisor_lro;
    }
  for (Node& node : result.nodes)
    for (Interface& interface : node.interfaces) {
      const Node* other = find_node(settings, node.name);
      const Interface* same = other == nullptr ? nullptr : find_interface(*other, interface.network);
      if (same == nullptr) continue;
      interface.mtu = same->mtu;
      interface.features = same->features;
      interface.hypervisor_lro = same->hypervisor_lro;
    }
  return result;
}

std::optional<std::string> machine_difference(const Topology& running, const Topology& wanted) {
  const Topology same_settings = with_live_settings(running, wanted);
  if (same_settings == wanted) return std::nullopt;
  for (const Node& node : wanted.nodes) {
    const Node* other = find_node(same_settings, node.name);
    if (other == nullptr) return fmt::format("there is no '{}' in the lab", node.name);
    if (*other != node) return node_difference(*other, node);
  }
  for (const Network& network : wanted.networks) {
    const Network* other = find_network(same_settings, network.name);
    if (other == nullptr) return fmt::format("there is no network '{}' in the lab", network.name);
    if (*other != network) return fmt::format("network '{}' differs", network.name);
  }
  return "the lab has more nodes or networks, or has them in another order";
}

std::vector<Step> live_steps(const Topology& from, const Topology& to, const LabPlan& lab) {
  std::vector<Step> steps;
  step::ApplySettings guests = guest_settings(from, to);
  if (!guests.nodes.empty()) steps.emplace_back(std::move(guests));
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics) {
      const HypervisorLro lro = effective_lro(to, *find_interface(*find_node(to, node.name), nic.network));
      if (!node.device_under_test || lro == HypervisorLro::off) continue;
      if (lro == HypervisorLro::merge)
        for (const StagePlan& stage : lab.stages)
          if (stage.node == node.name && stage.network == nic.network)
            steps.emplace_back(step::SetMerging{stage.wire_port, stage.router_port, true});
      steps.emplace_back(step::ForceTap{nic.tap, lro, to.lro_families});
    }
  return steps;
}

std::optional<std::string> missing_stage(const Topology& topology, const LabPlan& lab) {
  for (const Node& node : topology.nodes)
    for (const Interface& interface : node.interfaces) {
      const bool has_stage = std::any_of(lab.stages.begin(), lab.stages.end(), [&](const StagePlan& stage) {
        return stage.node == node.name && stage.network == interface.network;
      });
      if (is_device_under_test(node) && effective_lro(topology, interface) == HypervisorLro::merge && !has_stage)
        return fmt::format("{}'s NIC on {} has nothing before it that could merge", node.name, interface.network);
    }
  return std::nullopt;
}

std::vector<Step> first_steps(const Topology& base, const LabPlan& lab) {
  Topology configured = base;
  for (Network& network : configured.networks) network.hypervisor_lro = HypervisorLro::off;
  for (Node& node : configured.nodes)
    for (Interface& interface : node.interfaces) {
      interface.features.clear();
      interface.hypervisor_lro.reset();
    }
  return live_steps(configured, base, lab);
}

LabPlan plan_staying_lab(const Scenario& scenario, const Topology& base, const std::vector<Case>& cases) {
  std::vector<Case> all = {Case{"lab", {}, base, FaultClass::healthy}};
  all.insert(all.end(), cases.begin(), cases.end());
  LabPlan lab = make_plan(scenario, all, Question::healthy).labs.front();
  lab.cases.clear();
  for (BridgePlan& bridge : lab.bridges) bridge.mtu = std::max(bridge.mtu, jumbo);
  return lab;
}

}  // namespace offlab
