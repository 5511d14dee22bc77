#include "plan/make_plan.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/core.h>

#include "plan/guest_commands.h"

namespace offlab {
namespace {

constexpr std::uint16_t iperf_port = 5201;

// What cannot be switched in a running lab.
std::string machine_key(const Topology& topology) {
  std::string key;
  for (const Node& node : topology.nodes) {
    key += fmt::format("{}:{}:{}:{}", node.name, node.image, node.vcpus, node.memory_mib);
    for (const Interface& interface : node.interfaces)
      key += fmt::format(":{}={}", interface.network, to_string(interface.model));
    key += "\n";
  }
  return key;
}

std::string folder_word(const std::string& id) {
  std::string word;
  for (const char c : id) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '=';
    if (plain)
      word += c;
    else if (!word.empty() && word.back() != '-')
      word += '-';
  }
  return word.substr(0, 100);
}

NodePlan plan_node(const Node& node, std::size_t index, std::vector<std::string>& taps) {
  NodePlan plan{node.name, node.image, node.vcpus, node.memory_mib, node.role == NodeRole::router, {}, {}, {}};
  plan.management_mac = fmt::format("52:54:00:4d:{:02x}:{:02x}", index / 256, index % 256);
  for (std::size_t nic = 0; nic < node.interfaces.size(); ++nic) {
    const Interface& interface = node.interfaces[nic];
    taps.push_back(tap_name(node.name, interface.network, taps));
    plan.nics.push_back({interface.network, taps.back(),
                         fmt::format("52:54:01:{:02x}:{:02x}:{:02x}", index / 256, index % 256, nic), interface.model});
    std::string address = interface.network;
    if (interface.ipv4) address += " " + to_string(*interface.ipv4);
    if (interface.ipv6) address += " " + to_string(*interface.ipv6);
    plan.addresses.push_back(std::move(address));
  }
  return plan;
}

// Plans the legs of the cases that share one lab.
class LabPlanner {
 public:
  LabPlanner(std::string name, const Scenario& scenario, std::vector<const Case*> cases)
      : scenario_(scenario), cases_(std::move(cases)), base_(cases_.front()->topology) {
    lab_.name = std::move(name);
    std::vector<std::string> taps;
    for (std::size_t i = 0; i < base_.nodes.size(); ++i) lab_.nodes.push_back(plan_node(base_.nodes[i], i + 1, taps));
    find_variation();
    plan_bridges();
    plan_configuration();
  }

  LabPlan take(std::size_t first_number) {
    for (const Case* one : cases_) lab_.cases.push_back(plan_case(*one, first_number++));
    return std::move(lab_);
  }

 private:
  std::vector<Topology> all_topologies() const {
    std::vector<Topology> all;
    for (const Case* one : cases_) {
      all.push_back(one->topology);
      all.push_back(control_topology(one->topology));
    }
    return all;
  }

  void find_variation() {
    for (const Topology& topology : all_topologies())
      for (std::size_t n = 0; n < topology.nodes.size(); ++n)
        for (std::size_t i = 0; i < topology.nodes[n].interfaces.size(); ++i) {
          const Interface& interface = topology.nodes[n].interfaces[i];
          const std::string where = topology.nodes[n].name + "/" + interface.network;
          for (const auto& [feature, on] : interface.features) touched_features_[where].insert(feature);
          if (effective_mtu(topology, interface) != effective_mtu(base_, base_.nodes[n].interfaces[i]))
            varying_mtus_.insert(where);
        }
  }

  void plan_bridges() {
    for (const Network& network : base_.networks) {
      BridgePlan bridge{network.name, Mtu{1500}};
      for (const Topology& topology : all_topologies()) {
        bridge.mtu = std::max(bridge.mtu, find_network(topology, network.name)->mtu);
        for (const Node& node : topology.nodes)
          if (const Interface* interface = find_interface(node, network.name))
            bridge.mtu = std::max(bridge.mtu, effective_mtu(topology, *interface));
      }
      lab_.bridges.push_back(bridge);
    }
  }

  void plan_configuration() {
    for (const Node& node : base_.nodes) {
      lab_.configuration.push_back(step::RunCommands{node.name, "interfaces, addresses, routes",
                                                     configuration_commands(base_, node, plan_of(node.name))});
    }
    std::set<std::string> senders;
    for (const Case* one : cases_) senders.insert(one->topology.flows.front().from);
    for (const std::string& sender : senders)
      lab_.configuration.push_back(
          step::RunCommands{sender,
                            "traffic source",
                            {fmt::format("iperf3 --server --daemon --port {} --logfile /tmp/iperf3.log", iperf_port)}});
    for (const Node& node : base_.nodes)
      if (!node.setup.empty())
        lab_.configuration.push_back(step::RunCommands{node.name, "setup of the file", node.setup});
  }

  CasePlan plan_case(const Case& one, std::size_t number) const {
    CasePlan plan{one.id, fmt::format("cases/{:02}-{}", number, folder_word(one.id)), one.axes, one.expect, {}};
    plan.legs.push_back(plan_leg(LegRole::control, control_topology(one.topology)));
    plan.legs.push_back(plan_leg(LegRole::measured, one.topology));
    return plan;
  }

  LegPlan plan_leg(LegRole role, const Topology& topology) const {
    LegPlan leg{role, make_intent(topology), {}};
    for (const Node& node : topology.nodes) {
      auto commands = leg_commands(topology, node, varying_mtus_);
      if (!commands.empty())
        leg.steps.push_back(step::RunCommands{node.name, "settings of this case", std::move(commands)});
    }
    add_features(leg, topology);
    const LegIntent& intent = leg.intent;
    leg.steps.push_back(step::CheckPath{intent.flow.to, intent.source});
    for (const auto& [tap, lro] : intent.taps)
      if (lro != HypervisorLro::off) leg.steps.push_back(step::ForceTap{tap, lro});
    leg.steps.push_back(step::StartCapture{
        {{intent.ingress_tap}, {intent.egress_tap}}, scenario_.measure.capture_limit, scenario_.measure.snap_length});
    leg.steps.push_back(step::TakeSnapshot{"before"});
    leg.steps.push_back(step::Transfer{intent.flow.from, intent.flow.to, intent.source, intent.port,
                                       intent.warmup_seconds, intent.duration_seconds, sampled_taps(intent)});
    leg.steps.push_back(step::TakeSnapshot{"after"});
    leg.steps.push_back(step::StopCapture{});
    leg.steps.push_back(step::ReleaseTaps{});
    return leg;
  }

  void add_features(LegPlan& leg, const Topology& topology) const {
    for (const Node& node : topology.nodes)
      for (const Interface& interface : node.interfaces) {
        const auto touched = touched_features_.find(node.name + "/" + interface.network);
        if (touched == touched_features_.end()) continue;
        step::SetFeatures set{node.name, interface.network, {}};
        for (const std::string& feature : touched->second) {
          const auto wanted = interface.features.find(feature);
          set.features[feature] = wanted == interface.features.end() ? std::optional<bool>() : wanted->second;
        }
        leg.steps.push_back(std::move(set));
      }
  }

  LegIntent make_intent(const Topology& topology) const {
    LegIntent intent;
    intent.flow = topology.flows.front();
    const auto path = flow_path(topology, intent.flow);
    intent.hop = path->front();
    const Node& router = *find_node(topology, intent.hop.router);
    const Interface& ingress = *find_interface(router, intent.hop.ingress);
    const Interface& egress = *find_interface(router, intent.hop.egress);
    intent.source =
        *address_of(*find_interface(*find_node(topology, intent.flow.from), intent.hop.ingress), intent.flow.family);
    intent.destination =
        *address_of(*find_interface(*find_node(topology, intent.flow.to), intent.hop.egress), intent.flow.family);
    intent.port = iperf_port;
    intent.ingress_tap = tap_of(router.name, ingress.network);
    intent.egress_tap = tap_of(router.name, egress.network);
    intent.ingress_mtu = effective_mtu(topology, ingress);
    intent.egress_mtu = effective_mtu(topology, egress);
    intent.router_lro = wanted_on(ingress, std::string(feature_lro));
    for (const Interface& interface : router.interfaces)
      intent.taps[tap_of(router.name, interface.network)] = find_network(topology, interface.network)->hypervisor_lro;
    intent.needs_merging = intent.router_lro || wanted_on(ingress, "rx-gro-hw") ||
                           find_network(topology, ingress.network)->hypervisor_lro != HypervisorLro::off;
    for (const Node& node : topology.nodes) {
      if (node.role == NodeRole::router) intent.routers.push_back(node.name);
      for (const Interface& interface : node.interfaces) {
        intent.mtus.push_back({node.name, interface.network, effective_mtu(topology, interface)});
        for (const auto& [feature, on] : interface.features)
          intent.features.push_back({node.name, interface.network, feature, on});
      }
    }
    intent.duration_seconds = scenario_.measure.duration_seconds;
    intent.warmup_seconds = scenario_.measure.warmup_seconds;
    return intent;
  }

  static bool wanted_on(const Interface& interface, const std::string& feature) {
    const auto found = interface.features.find(feature);
    return found != interface.features.end() && found->second;
  }

  static std::vector<std::string> sampled_taps(const LegIntent& intent) {
    std::vector<std::string> taps;
    for (const auto& [tap, lro] : intent.taps) taps.push_back(tap);
    return taps;
  }

  const NodePlan& plan_of(const std::string& node) const {
    return *std::find_if(lab_.nodes.begin(), lab_.nodes.end(), [&](const NodePlan& plan) { return plan.name == node; });
  }

  const std::string& tap_of(const std::string& node, const std::string& network) const {
    const auto& nics = plan_of(node).nics;
    return std::find_if(nics.begin(), nics.end(), [&](const NicPlan& nic) { return nic.network == network; })->tap;
  }

  const Scenario& scenario_;
  std::vector<const Case*> cases_;
  const Topology& base_;
  std::map<std::string, std::set<std::string>> touched_features_;  // "NODE/NETWORK" -> features
  std::set<std::string> varying_mtus_;
  LabPlan lab_;
};

}  // namespace

std::string tap_name(const std::string& node, const std::string& network, const std::vector<std::string>& taken) {
  constexpr std::size_t longest = 15;  // IFNAMSIZ less the final zero
  std::string name = node + "-" + network;
  for (unsigned number = 2; name.size() > longest || std::find(taken.begin(), taken.end(), name) != taken.end();
       ++number) {
    const std::string tail = fmt::format("-{}{}", network.substr(0, 6), number);
    name = node.substr(0, longest - tail.size()) + tail;
  }
  return name;
}

RunPlan make_plan(const Scenario& scenario, const std::vector<Case>& cases, Question question) {
  RunPlan plan{scenario.name, scenario.summary, question, scenario.measure, {}};
  std::vector<std::pair<std::string, std::vector<const Case*>>> groups;
  for (const Case& one : cases) {
    const std::string key = machine_key(one.topology);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    group->second.push_back(&one);
  }
  std::size_t number = 1;
  for (const auto& [key, members] : groups) {
    plan.labs.push_back(LabPlanner(fmt::format("lab-{}", plan.labs.size() + 1), scenario, members).take(number));
    number += members.size();
  }
  return plan;
}

}  // namespace offlab
