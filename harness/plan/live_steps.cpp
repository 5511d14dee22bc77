#include "plan/live_steps.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "plan/guest_commands.h"
#include "plan/make_plan.h"
#include "setting/rows.h"

namespace offlab {
namespace {

// The largest MTU that `set` can give to an interface of a lab that stays.
constexpr Mtu jumbo{9216};

// Where an MTU is new, the NIC comes up anew: all of its offloads are switched again.
void add_what_comes_up_anew(GuestItems& items, const Topology& to) {
  GuestItems anew;
  for (const auto& [item, value] : wanted_items(to))
    if (item.what == Switch::offload && items.count({Switch::mtu, item.node, item.network}) != 0) anew.insert(item);
  for (const GuestItem& item : items)
    if (item.what == Switch::mtu) anew.insert({Switch::offload, item.node, item.network, std::string(feature_lro)});
  items.merge(anew);
}

bool is_told_by_command(const GuestItems& items, const std::string& node) {
  return std::any_of(items.begin(), items.end(), [&](const GuestItem& item) {
    return item.node == node && switch_row(item.what).commands != nullptr;
  });
}

step::ApplySettings guest_settings(const Topology& from, const Topology& to, const GuestItems& also) {
  GuestItems items = differing_items(from, to);
  items.insert(also.begin(), also.end());
  add_what_comes_up_anew(items, to);
  step::ApplySettings apply;
  for (const Node& node : to.nodes) {
    step::NodeSettings wanted = node_settings(node, items);
    if (is_told_by_command(items, node.name)) wanted.commands = leg_commands(to, node, items);
    if (!is_empty(wanted)) apply.nodes.push_back(std::move(wanted));
  }
  return apply;
}

std::map<std::string, Part> parts_by_name(const Topology& topology, Scope scope) {
  std::map<std::string, Part> parts;
  for (const Part& part : parts_of(topology, scope)) parts[name_of(topology, scope, part)] = part;
  return parts;
}

// In words, how the setting of a part of `running` differs from that of the same part of `wanted`; empty: not at all.
std::string difference_of(const Row& row, const Topology& running, const Part& there, const Topology& wanted,
                          const Part& here) {
  const std::string in_lab = row.text(running, there);
  const std::string in_file = row.text(wanted, here);
  if (in_lab == in_file) return {};
  const auto value = [](const std::string& text) { return text.empty() ? std::string("none") : text; };
  const Node& node = wanted.nodes[here.node];
  const std::string whose = row.scope == Scope::node
                                ? node.name
                                : fmt::format("{}'s NIC on {}", node.name, node.interfaces[here.interface].network);
  const std::string word = row.names ? row.word.substr(0, row.word.size() - 1) : row.word;
  return fmt::format("{} has {} {} in the lab, {} here", whose, word, value(in_lab), value(in_file));
}

// The first setting that is fixed when a machine is made and is another one there.
std::string fixed_difference(const Topology& running, const Topology& wanted) {
  for (const Row& row : setting_rows()) {
    if (row.cost != Cost::new_lab) continue;
    const auto others = parts_by_name(running, row.scope);
    for (const Part& part : parts_of(wanted, row.scope))
      if (const auto there = others.find(name_of(wanted, row.scope, part)); there != others.end())
        if (std::string text = difference_of(row, running, there->second, wanted, part); !text.empty()) return text;
  }
  return {};
}

std::string node_difference(const Node& running, const Node& wanted) {
  const auto differs = [&](const char* what, const auto& in_lab, const auto& here) {
    return fmt::format("{} has {} {} in the lab, {} here", wanted.name, what, in_lab, here);
  };
  if (running.role != wanted.role) return differs("role", to_string(running.role), to_string(wanted.role));
  if (running.image != wanted.image) return differs("image", running.image, wanted.image);
  for (const Interface& interface : wanted.interfaces)
    if (find_interface(running, interface.network) == nullptr)
      return fmt::format("{} has no NIC on {} in the lab", wanted.name, interface.network);
  return fmt::format("{}'s addresses, interfaces or setup differ", wanted.name);
}

}  // namespace

Topology with_settings(const Topology& machines, const Topology& settings) {
  Topology result = machines;
  result.flows = settings.flows;  // whose settings they bring
  for (const Row& row : setting_rows()) {
    if (row.cost == Cost::new_lab || row.scope == Scope::flow) continue;
    const auto others = parts_by_name(settings, row.scope);
    for (const Part& part : parts_of(result, row.scope))
      if (const auto there = others.find(name_of(result, row.scope, part)); there != others.end())
        row.copy(settings, there->second, result, part);
  }
  return result;
}

std::optional<std::string> machine_difference(const Topology& running, const Topology& wanted) {
  const Topology same_settings = with_settings(running, wanted);
  if (same_settings == wanted) return std::nullopt;
  if (std::string text = fixed_difference(running, wanted); !text.empty()) return text;
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

std::vector<Step> live_steps(const Topology& from, const Topology& to, const LabPlan& lab, const GuestItems& also) {
  std::vector<Step> steps;
  step::ApplySettings guests = guest_settings(from, to, also);
  if (!guests.nodes.empty()) steps.emplace_back(std::move(guests));
  for (const NodePlan& node : lab.nodes)
    for (const NicPlan& nic : node.nics) {
      const HypervisorLro lro = effective_lro(to, *find_interface(*find_node(to, node.name), nic.network));
      if (!node.device_under_test || lro == HypervisorLro::off) continue;
      if (lro == HypervisorLro::merge)
        for (const StagePlan& stage : lab.stages)
          if (stage.node == node.name && stage.network == nic.network)
            steps.emplace_back(step::SetMerging{stage.wire_port, stage.router_port, StageMode::merge});
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
        return fmt::format("{}'s NIC on {} has nothing before it that could coalesce packets", node.name,
                           interface.network);
    }
  return std::nullopt;
}

std::vector<Step> first_steps(const Topology& base, const LabPlan& lab) {
  return live_steps(as_configured(base), base, lab);
}

std::vector<Step> steps_back(const Topology& running, const std::vector<Case>& cases) {
  GuestItems items;
  for (const Case& one : cases) items.merge(differing_items(running, one.topology));
  // What is read back is put back by it, but for the MTU of a container, which is not read.
  std::erase_if(items, [&](const GuestItem& item) {
    const bool of_container = item.what == Switch::mtu && find_node(running, item.node)->container;
    return switch_row(item.what).seen != nullptr && !of_container;
  });
  std::vector<Step> steps;
  for (const Node& node : running.nodes) {
    std::vector<std::string> commands = item_commands(running, node, items);
    if (!commands.empty()) steps.emplace_back(step::RunCommands{node.name, "settings of the lab", std::move(commands)});
  }
  return steps;
}

LabPlan plan_staying_lab(const Scenario& scenario, const Topology& base, const std::vector<Case>& cases) {
  std::vector<Case> all = {Case{.id = "lab", .topology = base}};
  all.insert(all.end(), cases.begin(), cases.end());
  LabPlan lab = make_plan(scenario, all, Question::healthy).labs.front();
  lab.cases.clear();
  for (BridgePlan& bridge : lab.bridges) bridge.mtu = std::max(bridge.mtu, jumbo);
  return lab;
}

}  // namespace offlab
