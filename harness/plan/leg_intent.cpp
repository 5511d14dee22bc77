#include "plan/leg_intent.h"

#include <algorithm>

#include "setting/sysctl.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

bool wanted_on(const Interface& interface, std::string_view feature) {
  const auto found = interface.features.find(std::string(feature));
  return found != interface.features.end() && found->second;
}

bool covers(LroFamilies families, Family family) {
  return families == LroFamilies::both || (families == LroFamilies::ipv4) == (family == Family::ipv4);
}

std::vector<IpAddress> addresses_of(const Node& node) {
  std::vector<IpAddress> addresses;
  for (const Interface& interface : node.interfaces)
    for (const auto& address : {interface.ipv4, interface.ipv6})
      if (address) addresses.push_back(*address);
  return addresses;
}

}  // namespace

LegIntent IntentMaker::make(const Topology& topology, const MeasureOptions& measure) const {
  LegIntent intent;
  intent.flow = topology.flows.front();
  const Family family = intent.flow.family;
  const std::vector<Hop> path = *flow_path(topology, intent.flow);
  const Node& from = *find_node(topology, intent.flow.from);
  const Node& to = *find_node(topology, intent.flow.to);
  intent.source = *end_address(from, *find_interface(from, path.front().ingress), family);
  intent.destination = *end_address(to, *find_interface(to, path.back().egress), family);
  intent.destination_pool = prefix_of(to.pool, family);
  intent.port = intent.flow.sender_connects ? iperf_push_port : iperf_port;
  for (const Hop& hop : path) intent.hops.push_back(make_hop(topology, hop, family));
  add_returned(topology, intent);
  intent.lro_families = topology.lro_families;
  intent.limits = topology.limits;
  add_wanted(topology, intent);
  intent.duration_seconds = measure.duration_seconds;
  intent.warmup_seconds = measure.warmup_seconds;
  // Without samples nobody could tell when; with other load, whose errors and bytes they are.
  intent.early_stop =
      measure.early_stop && lab_.observable.samples && intent.flow.background.sender == BackgroundSender::off;
  intent.observable = lab_.observable;
  intent.uplink_rate = find_network(topology, path.front().ingress)->shaping.rate;
  intent.throughput_floor = measure.throughput_floor;
  if (lab_.host_lro) intent.host_lro = lab_.host_lro->on;
  return intent;
}

LegIntent IntentMaker::make_reference(const Topology& topology, const MeasureOptions& measure) const {
  constexpr double longest_seconds = 2.5;
  LegIntent intent = make(topology, measure);
  intent.duration_seconds = std::min(intent.duration_seconds, longest_seconds);
  intent.early_stop = false;
  intent.flow.background.sender = BackgroundSender::off;
  intent.flow.connect.reset();  // what a router translates
  for (HopIntent& hop : intent.hops) hop.ingress = hop.egress = hop.wire = hop.returned = std::nullopt;
  intent.observable.captures.clear();
  return intent;
}

HopIntent IntentMaker::make_hop(const Topology& topology, const Hop& hop, Family family) const {
  const Node& device = *find_node(topology, hop.router);
  const Interface& ingress = *find_interface(device, hop.ingress);
  const Interface& egress = *find_interface(device, hop.egress);
  HopIntent made;
  made.hop = hop;
  made.forwards = device.role == NodeRole::router;
  made.ingress_tap = tap_of(hop.ingress_nic());
  made.egress_tap = tap_of(hop.egress_nic());
  const auto point_at = [&](const NicRef& nic) -> std::optional<CapturePoint> {
    const NicPlan& plan = plan_of(nic);
    const bool inside = device.existing && !plan.capture;
    const CaptureSide side = inside ? CaptureSide::guest : CaptureSide::host;
    if (lab_.observable.captures.count(side) == 0) return std::nullopt;
    return CapturePoint{plan.tap, device.name, side};
  };
  made.ingress = point_at(hop.ingress_nic());
  made.egress = point_at(hop.egress_nic());
  made.ingress_mtu = effective_mtu(topology, ingress);
  made.egress_mtu = effective_mtu(topology, egress);
  made.ingress_lro = wanted_on(ingress, feature_lro);
  made.needs_merging =
      made.ingress_lro || wanted_on(ingress, "rx-gro-hw") ||
      (effective_lro(topology, ingress) != HypervisorLro::off && covers(topology.lro_families, family));
  made.addresses = addresses_of(device);
  if (const StagePlan* stage = stage_of(hop.ingress_nic());
      stage != nullptr && lab_.observable.captures.count(CaptureSide::wire) != 0)
    made.wire = CapturePoint{stage->wire_port, device.name, CaptureSide::wire};
  return made;
}

// Routers may stand side by side, one for each direction.
void IntentMaker::add_returned(const Topology& topology, LegIntent& intent) const {
  Flow back = intent.flow;
  std::swap(back.from, back.to);
  const auto path = flow_path(topology, back);
  if (!path || path->empty() || lab_.observable.captures.count(CaptureSide::host) == 0) return;
  for (HopIntent& one : intent.hops) {
    const bool pass = std::any_of(path->begin(), path->end(), [&](const Hop& hop) {
      return hop.router == one.hop.router && hop.egress == one.hop.ingress;
    });
    if (!pass) one.returned = CapturePoint{tap_of(path->back().egress_nic()), path->back().router, CaptureSide::host};
  }
}

std::vector<StageIntent> IntentMaker::stages(const Topology& topology) const {
  std::vector<StageIntent> made;
  for (const Node& node : topology.nodes) {
    if (!is_device_under_test(node)) continue;
    for (const Interface& interface : node.interfaces) {
      const StagePlan* stage = stage_of({node.name, interface.network});
      const auto known = [&](const StageIntent& one) { return one.wire_port == stage->wire_port; };
      if (stage == nullptr || std::any_of(made.begin(), made.end(), known)) continue;
      const bool merges = effective_lro(topology, interface) == HypervisorLro::merge;
      made.push_back({.wire_port = stage->wire_port,
                      .router_port = stage->router_port,
                      .mode = merges ? StageMode::merge : StageMode::pass});
    }
  }
  return made;
}

std::vector<StageIntent> IntentMaker::control_stages(const Topology& of_case) const {
  std::vector<StageIntent> made = stages(of_case);
  for (StageIntent& stage : made)
    if (stage.mode == StageMode::merge) stage.mode = StageMode::split;
  return made;
}

// Every setting of the topology that is read back.
void IntentMaker::add_wanted(const Topology& topology, LegIntent& intent) const {
  intent.stages = stages(topology);
  for (const Node& node : topology.nodes) {
    if (node.role == NodeRole::router) intent.routers.push_back(node.name);
    for (const auto& [name, value] : node.sysctls)
      intent.values.push_back({node.name, sysctl_file(name), single_spaced(value)});
    for (const Interface& interface : node.interfaces) {
      const NicRef nic = {node.name, interface.network};
      intent.nics.push_back({nic, device_of(interface), effective_mtu(topology, interface)});
      for (const auto& [feature, on] : interface.features) intent.features.push_back({nic, feature, on});
      if (!is_device_under_test(node) || node.existing) continue;
      const HypervisorLro lro = effective_lro(topology, interface);
      // A NIC on a trunk takes merged frames when one of its networks asks for them.
      HypervisorLro& of_tap = intent.taps.try_emplace(tap_of(nic), lro).first->second;
      if (lro != HypervisorLro::off) of_tap = lro;
    }
  }
}

const NicPlan& IntentMaker::plan_of(const NicRef& nic) const {
  const auto node =
      std::find_if(lab_.nodes.begin(), lab_.nodes.end(), [&](const NodePlan& one) { return one.name == nic.node; });
  return *std::find_if(node->nics.begin(), node->nics.end(),
                       [&](const NicPlan& one) { return is_on(one, nic.network); });
}

const std::string& IntentMaker::tap_of(const NicRef& nic) const {
  return plan_of(nic).tap;
}

const StagePlan* IntentMaker::stage_of(const NicRef& nic) const {
  const std::string& network = plan_of(nic).network;
  const auto found = std::find_if(lab_.stages.begin(), lab_.stages.end(), [&](const StagePlan& stage) {
    return stage.node == nic.node && stage.network == network;
  });
  return found == lab_.stages.end() ? nullptr : &*found;
}

}  // namespace offlab
