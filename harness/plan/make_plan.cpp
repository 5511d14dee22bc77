#include "plan/make_plan.h"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/core.h>

#include "plan/background_load.h"
#include "plan/existing_lab.h"
#include "plan/guest_commands.h"
#include "plan/join_ends.h"
#include "plan/leg_intent.h"
#include "setting/end_commands.h"
#include "setting/rows.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

// What cannot be switched in a running lab.
std::string machine_key(const Topology& topology) {
  std::string key;
  for (const Node& node : topology.nodes) {
    key += node.name;
    for (const Interface& interface : node.interfaces)
      key += fmt::format(":{}{}", interface.network, interface.own_nic ? "!" : "");
    key += "\n";
  }
  // What the hosts have is switched before a lab, once for all cases that share it.
  if (topology.hosts) key += has_hypervisor_lro(topology) ? "merging hosts\n" : "hosts that do not merge\n";
  for (const Row& row : setting_rows())
    if (row.cost == Cost::new_lab)
      for (const Part& part : parts_of(topology, row.scope)) key += row.text(topology, part) + "\n";
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

// Where a guest with a system of its own looks for a NIC of that name.
std::optional<unsigned> slot_of(const Node& node, const std::string& network) {
  if (!node.disk) return std::nullopt;
  for (const GuestNic& nic : node.disk->nics)
    if (nic.network == network) return pci_slot_of(nic.device);
  return std::nullopt;
}

GuestState expected_state(const Topology& topology, const Node& node) {
  GuestState state;
  for (const Interface& interface : node.interfaces) {
    GuestState::Nic nic{addressed_device(interface), {}, effective_mtu(topology, interface), {}};
    const Network* network = find_network(topology, interface.network);
    if (interface.ipv4)
      nic.addresses.push_back(fmt::format("{}/{}", to_string(*interface.ipv4), network->ipv4->length));
    if (interface.ipv6)
      nic.addresses.push_back(fmt::format("{}/{}", to_string(*interface.ipv6), network->ipv6->length));
    state.nics.push_back(std::move(nic));
  }
  for (const Flow& flow : topology.flows) {
    if (node.role != NodeRole::router) continue;
    state.forwards_ipv4 = state.forwards_ipv4 || flow.family == Family::ipv4;
    state.forwards_ipv6 = state.forwards_ipv6 || flow.family == Family::ipv6;
  }
  return state;
}

NodePlan plan_node(const Topology& topology, const Node& node, std::size_t index, std::vector<std::string>& taken) {
  NodePlan plan;
  plan.name = node.name;
  plan.image = node.image;
  plan.kernel = node.kernel;
  plan.vcpus = node.vcpus;
  plan.memory_mib = node.memory_mib;
  plan.device_under_test = is_device_under_test(node);
  plan.netns = end_namespace(node);
  plan.management_mac = fmt::format("52:54:00:4d:{:02x}:{:02x}", index / 256, index % 256);
  plan.disk = node.disk;
  plan.existing = node.existing;
  if (plan.existing) plan.image.clear();
  if (!is_configured(node)) plan.expected = expected_state(topology, node);
  for (std::size_t nic = 0; nic < node.interfaces.size(); ++nic) {
    const Interface& interface = node.interfaces[nic];
    std::string address = addressed_device(interface);
    if (interface.ipv4) address += " " + to_string(*interface.ipv4);
    if (interface.ipv6) address += " " + to_string(*interface.ipv6);
    plan.addresses.push_back(std::move(address));
    const std::string& link = link_of(*find_network(topology, interface.network));
    const auto same = std::find_if(plan.nics.begin(), plan.nics.end(),
                                   [&](const NicPlan& one) { return one.bridge == link && !one.own; });
    if (same != plan.nics.end() && !interface.own_nic) {
      same->also.push_back(interface.network);
      continue;
    }
    taken.push_back(tap_name(node.name, interface.own_nic ? interface.network : link, taken));
    plan.nics.push_back({.network = interface.network,
                         .device = device_of(interface),
                         .tap = taken.back(),
                         .mac = interface.mac.empty()
                                    ? fmt::format("52:54:01:{:02x}:{:02x}:{:02x}", index / 256, index % 256, nic)
                                    : interface.mac,
                         .model = interface.model,
                         .bridge = link,
                         .host_offloads = interface.host_offloads,
                         .guest_offloads = interface.guest_offloads,
                         .queues = interface.queues,
                         .own = interface.own_nic,
                         .slot = slot_of(node, interface.network),
                         .capture = interface.capture});
    if (node.existing) plan.nics.back().mac.clear();
    if (!plan.expected.nics.empty()) plan.expected.nics[nic].mac = plan.nics.back().mac;
  }
  if (node.container) {
    std::string address = container_namespace;
    for (const Family family : {Family::ipv4, Family::ipv6})
      if (const auto own = address_of(*node.container, family)) address += " " + to_string(*own);
    plan.addresses.push_back(std::move(address));
  }
  return plan;
}

// Plans the legs of the cases that share one lab.
class LabPlanner {
 public:
  LabPlanner(std::string name, const Scenario& scenario, std::vector<const Case*> cases,
             const Observability& observable)
      : scenario_(scenario), cases_(std::move(cases)), base_(base_of(scenario, cases_)), intents_(lab_) {
    lab_.name = std::move(name);
    lab_.observable = is_existing(base_) ? seen_of_existing(base_) : observable;
    lab_.host_lro = base_.hosts;
    if (lab_.host_lro) lab_.host_lro->on = has_hypervisor_lro(cases_.front()->topology);
    for (const Network& network : base_.networks) taken_.push_back(link_of(network));
    for (std::size_t i = 0; i < base_.nodes.size(); ++i)
      lab_.nodes.push_back(plan_node(base_, base_.nodes[i], i + 1, taken_));
    find_switched();
    if (is_existing(base_)) {
      use_existing();
      return;
    }
    plan_bridges();
    plan_stages();
    plan_configuration();
  }

  LabPlan take(std::size_t first_number) {
    for (const Case* one : cases_) lab_.cases.push_back(plan_case(*one, first_number++));
    return std::move(lab_);
  }

  LabPlan take_single_legs(std::size_t first_number) {
    for (const Case* one : cases_) {
      lab_.cases.push_back(without_legs(*one, first_number++));
      std::vector<LegPlan>& legs = lab_.cases.back().legs;
      if (scenario_.measure.reference) legs.push_back(plan_reference(one->topology));
      legs.push_back(plan_leg(LegRole::measured, one->topology, 1));
    }
    return std::move(lab_);
  }

 private:
  // What the machines are before anything is switched: existing ones are as the file says.
  static const Topology& base_of(const Scenario& scenario, const std::vector<const Case*>& cases) {
    return is_existing(scenario.topology) ? scenario.topology : cases.front()->topology;
  }

  std::vector<Topology> all_topologies() const {
    std::vector<Topology> all;
    for (const Case* one : cases_) {
      all.push_back(one->topology);
      all.push_back(control_topology(one->topology));
    }
    return all;
  }

  // Whatever any leg of the lab switches, every leg of it switches: none inherits from the one before it.
  void find_switched() {
    const Topology configured = as_configured(base_);
    for (const Topology& topology : all_topologies()) switched_.merge(differing_items(configured, topology));
  }

  // Where no case switches anything, the machines are only looked at: there is no control either.
  void use_existing() {
    GuestItems asked;
    for (const Case* one : cases_) asked.merge(differing_items(as_configured(base_), one->topology));
    is_read_only_ = switchable_on_existing(asked).empty();
    switched_ = is_read_only_ ? GuestItems() : switchable_on_existing(switched_);
    for (std::size_t n = 0; n < base_.nodes.size(); ++n)
      lab_.nodes[n].switched = switched_on(base_.nodes[n], switched_);
  }

  void plan_bridges() {
    for (const Network& network : base_.networks) {
      BridgePlan bridge{link_of(network), Mtu{1500}};
      for (const Topology& topology : all_topologies()) {
        bridge.mtu = std::max(bridge.mtu, find_network(topology, network.name)->mtu);
        for (const Node& node : topology.nodes)
          if (const Interface* interface = find_interface(node, network.name))
            bridge.mtu = std::max(bridge.mtu, effective_mtu(topology, *interface));
      }
      const auto same = std::find_if(lab_.bridges.begin(), lab_.bridges.end(),
                                     [&](const BridgePlan& one) { return one.name == bridge.name; });
      if (same == lab_.bridges.end())
        lab_.bridges.push_back(bridge);
      else
        same->mtu = std::max(same->mtu, bridge.mtu);
    }
    for (const Network& network : base_.networks)
      if (network.host_mtu)
        for (BridgePlan& bridge : lab_.bridges)
          if (bridge.name == link_of(network)) bridge.mtu = *network.host_mtu;
  }

  std::string free_name(const std::string& node, const std::string& network) {
    taken_.push_back(tap_name(node, network, taken_));
    return taken_.back();
  }

  static NicPlan& nic_of(NodePlan& node, const std::string& network) {
    return *std::find_if(node.nics.begin(), node.nics.end(), [&](const NicPlan& nic) { return is_on(nic, network); });
  }

  bool is_staged(const std::string& node, const std::string& network) const {
    return std::any_of(lab_.stages.begin(), lab_.stages.end(),
                       [&](const StagePlan& stage) { return stage.node == node && stage.network == network; });
  }

  // A NIC of a device under test that some case wants merged frames for gets a stage, which other cases pass through.
  void plan_stages() {
    for (std::size_t n = 0; n < base_.nodes.size(); ++n)
      for (std::size_t i = 0; i < base_.nodes[n].interfaces.size(); ++i) {
        const bool merged = std::any_of(cases_.begin(), cases_.end(), [&](const Case* one) {
          const Node& node = one->topology.nodes[n];
          return is_device_under_test(node) && effective_lro(one->topology, node.interfaces[i]) == HypervisorLro::merge;
        });
        if (!merged) continue;
        NicPlan& nic = nic_of(lab_.nodes[n], base_.nodes[n].interfaces[i].network);
        const std::string& node = lab_.nodes[n].name;
        if (is_staged(node, nic.network)) continue;
        StagePlan stage{.node = node,
                        .network = nic.network,
                        .wire_port = free_name("w-" + node, nic.network),
                        .router_port = free_name("m-" + node, nic.network),
                        .router_bridge = free_name("b-" + node, nic.network),
                        .wire_bridge = nic.bridge};
        const auto wire = std::find_if(lab_.bridges.begin(), lab_.bridges.end(),
                                       [&](const BridgePlan& bridge) { return bridge.name == nic.bridge; });
        const Mtu mtu = wire->mtu;
        lab_.bridges.push_back({stage.router_bridge, mtu});
        nic.bridge = stage.router_bridge;
        lab_.stages.push_back(std::move(stage));
      }
  }

  void plan_configuration() {
    for (const Node& node : base_.nodes) {
      if (!node.boot.empty())
        lab_.configuration.emplace_back(step::RunCommands{node.name, "boot commands of the file", node.boot});
      lab_.configuration.emplace_back(step::RunCommands{node.name, "interfaces, addresses, routes",
                                                        configuration_commands(base_, node, plan_of(node.name))});
    }
    std::map<std::string, bool> senders;  // and whether others connect to them
    for (const Case* one : cases_) {
      const Flow& flow = one->topology.flows.front();
      bool& listens = senders[flow.from];
      listens = listens || !flow.sender_connects;
    }
    for (const auto& [sender, listens] : senders)
      if (auto commands = source_commands(scenario_.measure, listens); !commands.empty()) {
        for (std::string& command : commands) command = in_namespace(plan_of(sender).netns, command);
        lab_.configuration.emplace_back(step::RunCommands{sender, "traffic source", std::move(commands)});
      }
    for (const Node& node : base_.nodes)
      if (!node.setup.empty())
        lab_.configuration.emplace_back(step::RunCommands{node.name, "setup of the file", node.setup});
  }

  static CasePlan without_legs(const Case& one, std::size_t number) {
    return {.id = one.id,
            .folder = fmt::format("cases/{:02}-{}", number, folder_word(one.id)),
            .axes = one.axes,
            .expect = one.expect};
  }

  CasePlan plan_case(const Case& one, std::size_t number) const {
    CasePlan plan = without_legs(one, number);
    if (is_read_only_) {
      plan.legs.push_back(plan_leg(LegRole::measured, one.topology, 1));
      return plan;
    }
    if (scenario_.measure.reference) plan.legs.push_back(plan_reference(one.topology));
    // A B, B A, A B: what changes slowly meanwhile (the machine's load) falls on both alike.
    for (unsigned round = 1; round <= scenario_.measure.rounds; ++round) {
      const LegRole first = round % 2 == 1 ? LegRole::control : LegRole::measured;
      plan.legs.push_back(plan_leg(first, one.topology, round));
      plan.legs.push_back(
          plan_leg(first == LegRole::control ? LegRole::measured : LegRole::control, one.topology, round));
    }
    return plan;
  }

  LegPlan plan_leg(LegRole role, const Topology& of_case, unsigned round) const {
    const Topology topology = role == LegRole::control ? control_topology(of_case) : of_case;
    LegPlan leg{.role = role, .intent = intents_.make(topology, scenario_.measure), .round = round};
    LegIntent& intent = leg.intent;
    if (role == LegRole::control) intent.stages = intents_.control_stages(of_case);
    if (is_existing(lab_))
      intent.duration_seconds = std::min(intent.duration_seconds, longest_measured(scenario_.measure));
    else if (role == LegRole::measured)
      intent.integrity_bytes = scenario_.measure.integrity_bytes.bytes;
    leg.steps.emplace_back(settings(topology));
    const Endpoint connect = connected_to(intent);
    const std::uint16_t stream_listener = intent.flow.sender_connects ? stream_push_port : stream_port;
    const auto stream_connect = static_cast<std::uint16_t>(intent.flow.connect ? connect.port + 1 : stream_listener);
    leg.steps.emplace_back(step::CheckPath{initiator_of(intent.flow), connect.address});
    if (lab_.observable.tap_states) inject(intent, leg.steps);
    const bool has_background = intent.flow.background.sender != BackgroundSender::off;
    if (has_background) leg.steps.emplace_back(start_of_background(topology, intent.flow, connect, scenario_.measure));
    const std::vector<step::CaptureTarget> targets = capture_targets(intent);
    if (!targets.empty())
      leg.steps.emplace_back(
          step::StartCapture{targets, scenario_.measure.capture_limit, scenario_.measure.snap_length});
    take_snapshot("before", leg.steps);
    step::Transfer bulk = transfer(intent, connect, sampled_taps(intent));
    if (is_existing(lab_)) bulk.rate = scenario_.measure.max_rate;
    bulk.starts_listener = is_existing(lab_);
    leg.steps.emplace_back(std::move(bulk));
    take_snapshot("after", leg.steps);
    if (!targets.empty()) leg.steps.emplace_back(step::StopCapture{});
    if (has_background) leg.steps.emplace_back(step::StopBackground{});
    // After everything that is counted, and before the taps are as they were.
    if (intent.integrity_bytes > 0)
      leg.steps.emplace_back(step::CheckStream{.sender = intent.flow.from,
                                               .receiver = intent.flow.to,
                                               .sender_connects = intent.flow.sender_connects,
                                               .address = connect.address,
                                               .port = stream_connect,
                                               .listening_port = stream_listener,
                                               .bytes = intent.integrity_bytes});
    if (lab_.observable.tap_states) leg.steps.emplace_back(step::ReleaseTaps{});
    return leg;
  }

  // By the flow's initiator.
  static Endpoint connected_to(const LegIntent& intent) {
    const IpAddress listener = intent.flow.sender_connects ? intent.destination : intent.source;
    return intent.flow.connect.value_or(Endpoint{listener, intent.port});
  }

  static step::Transfer transfer(const LegIntent& intent, const Endpoint& connect, std::vector<std::string> sampled) {
    return {.sender = intent.flow.from,
            .receiver = intent.flow.to,
            .sender_connects = intent.flow.sender_connects,
            .address = connect.address,
            .port = connect.port,
            .listening_port = intent.port,
            .streams = intent.flow.streams,
            .warmup_seconds = intent.warmup_seconds,
            .duration_seconds = intent.duration_seconds,
            .sampled_taps = std::move(sampled)};
  }

  // One short leg of the ends alone.
  LegPlan plan_reference(const Topology& of_case) const {
    const Topology topology = control_topology(of_case);
    LegPlan leg{.role = LegRole::reference, .intent = intents_.make_reference(topology, scenario_.measure)};
    const LegIntent& intent = leg.intent;
    leg.steps.emplace_back(settings(topology));
    leg.steps.emplace_back(join_ends(intents_, topology, intent));
    take_snapshot("before", leg.steps);
    leg.steps.emplace_back(transfer(intent, connected_to(intent), {}));
    take_snapshot("after", leg.steps);
    leg.steps.emplace_back(step::PartEnds{});
    return leg;
  }

  // Nothing is forced that could not be read back.
  static void inject(const LegIntent& intent, std::vector<Step>& steps) {
    for (const StageIntent& stage : intent.stages)
      steps.emplace_back(
          step::SetMerging{.wire_port = stage.wire_port, .router_port = stage.router_port, .mode = stage.mode});
    for (const auto& [tap, lro] : intent.taps)
      if (lro != HypervisorLro::off) steps.emplace_back(step::ForceTap{tap, lro, intent.lro_families});
  }

  void take_snapshot(const std::string& moment, std::vector<Step>& steps) const {
    const Observability& observable = lab_.observable;
    if (observable.guest_counters || observable.tap_states)
      steps.emplace_back(
          step::TakeSnapshot{.moment = moment, .guests = observable.guest_counters, .taps = observable.tap_states});
  }

  step::ApplySettings settings(const Topology& topology) const {
    step::ApplySettings apply;
    for (const Node& node : topology.nodes) {
      step::NodeSettings wanted = node_settings(node, switched_);
      wanted.commands = leg_commands(topology, node, switched_);
      if (!is_empty(wanted)) apply.nodes.push_back(std::move(wanted));
    }
    return apply;
  }

  static std::vector<step::CaptureTarget> capture_targets(const LegIntent& intent) {
    std::vector<step::CaptureTarget> targets;
    const auto add = [&](const std::optional<CapturePoint>& point, const std::string& interface,
                         const std::string& description) {
      const auto same = [&](const step::CaptureTarget& known) { return known.point == *point; };
      if (point && std::none_of(targets.begin(), targets.end(), same))
        targets.push_back({*point, interface, description});
    };
    for (const HopIntent& hop : intent.hops) {
      const auto side_of = [](const std::optional<CapturePoint>& point) {
        return point && point->side == CaptureSide::guest ? "inside" : "the host side";
      };
      add(hop.ingress, hop.ingress_tap,
          fmt::format("{} of {}'s NIC on {}; outbound = into the guest", side_of(hop.ingress), hop.hop.router,
                      hop.hop.ingress));
      add(hop.egress, hop.egress_tap,
          fmt::format("{} of {}'s NIC on {}; outbound = into the guest", side_of(hop.egress), hop.hop.router,
                      hop.hop.egress));
      if (hop.wire)
        add(hop.wire, hop.wire->id,
            fmt::format("the wire before {}'s NIC on {}, where nothing is coalesced yet; outbound = to the router",
                        hop.hop.router, hop.hop.ingress));
      if (hop.returned)
        add(hop.returned, hop.returned->id,
            fmt::format("the host side of {}'s NIC where acknowledgements leave for the sender; outbound = into the "
                        "guest",
                        hop.returned->node));
    }
    return targets;
  }

  static std::vector<std::string> sampled_taps(const LegIntent& intent) {
    std::vector<std::string> taps;
    if (!intent.observable.samples) return taps;
    for (const auto& [tap, lro] : intent.taps) taps.push_back(tap);
    if (taps.empty())  // of existing machines
      for (const HopIntent& hop : intent.hops) taps.insert(taps.end(), {hop.ingress_tap, hop.egress_tap});
    return taps;
  }

  const NodePlan& plan_of(const std::string& node) const {
    return *std::find_if(lab_.nodes.begin(), lab_.nodes.end(), [&](const NodePlan& plan) { return plan.name == node; });
  }

  const Scenario& scenario_;
  std::vector<const Case*> cases_;
  const Topology& base_;
  GuestItems switched_;
  bool is_read_only_ = false;       // of existing machines
  std::vector<std::string> taken_;  // interface names
  LabPlan lab_;
  IntentMaker intents_;
};

using CaseGroups = std::vector<std::pair<std::string, std::vector<const Case*>>>;  // by machine_key

CaseGroups cases_by_lab(const std::vector<Case>& cases) {
  CaseGroups groups;
  for (const Case& one : cases) {
    const std::string key = machine_key(one.topology);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == key; });
    if (group == groups.end()) group = groups.insert(groups.end(), {key, {}});
    group->second.push_back(&one);
  }
  return groups;
}

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

RunPlan make_plan(const Scenario& scenario, const std::vector<Case>& cases, Question question,
                  const Observability& observable) {
  RunPlan plan{.name = scenario.name, .summary = scenario.summary, .question = question, .measure = scenario.measure};
  std::size_t number = 1;
  for (const auto& [key, members] : cases_by_lab(cases)) {
    plan.labs.push_back(
        LabPlanner(fmt::format("lab-{}", plan.labs.size() + 1), scenario, members, observable).take(number));
    number += members.size();
  }
  return plan;
}

RunPlan make_plan_of_single_legs(const Scenario& scenario, const std::vector<Case>& cases) {
  Scenario uncaptured = scenario;
  uncaptured.measure.integrity_bytes = ByteCount{0};
  uncaptured.measure.early_stop = false;
  RunPlan plan{.name = scenario.name, .summary = scenario.summary, .measure = uncaptured.measure};
  std::size_t number = 1;
  for (const auto& [key, members] : cases_by_lab(cases)) {
    const std::string name = fmt::format("lab-{}", plan.labs.size() + 1);
    plan.labs.push_back(LabPlanner(name, uncaptured, members, {.captures = {}}).take_single_legs(number));
    number += members.size();
  }
  return plan;
}

}  // namespace offlab
