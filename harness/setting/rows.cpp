#include "setting/rows.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "setting/sysctl.h"
#include "setting/values.h"

namespace offlab {
namespace {

// Where rows of a scope have their values.
struct OfLab {
  static constexpr Scope scope = Scope::lab;
  static auto& in(auto& topology, const Part&) { return topology; }
};
struct OfNetwork {
  static constexpr Scope scope = Scope::network;
  static auto& in(auto& topology, const Part& part) { return topology.networks[part.network]; }
};
struct OfNode {
  static constexpr Scope scope = Scope::node;
  static auto& in(auto& topology, const Part& part) { return topology.nodes[part.node]; }
};
struct OfInterface {
  static constexpr Scope scope = Scope::interface;
  static auto& in(auto& topology, const Part& part) { return topology.nodes[part.node].interfaces[part.interface]; }
};
struct OfFlow {
  static constexpr Scope scope = Scope::flow;
  static auto& in(auto& topology, const Part& part) { return topology.flows[part.flow]; }
};

template <typename Value>
std::string text_of(const Values<Value>& values, const std::optional<Value>& value) {
  return value ? values.text(*value) : std::string();
}
template <typename Value>
std::string text_of(const Values<Value>& values, const Value& value) {
  return values.text(value);
}

// What rows of both kinds have. `field`: from the network, node, ... to what the row sets.
template <typename Of, typename Value, typename Field>
Row words_of_row(const std::string& word, Cost cost, const Values<Value>& values, const std::string& meaning,
                 Field field) {
  return {.scope = Of::scope,
          .word = word,
          .cost = cost,
          .values = values.wanted,
          .shown = values.shown,
          .meaning = meaning,
          .put = {},
          .text = {},
          .copy = [=](const Topology& topology, const Part& part, Topology& to, const Part& there) {
            field(Of::in(to, there)) = field(Of::in(topology, part));
          }};
}

// `field`: from the network, node, ... to the value, or to an optional one.
template <typename Of, typename Value, typename Field>
Row row(const std::string& word, Cost cost, const Values<Value>& values, const std::string& meaning, Field field) {
  Row made = words_of_row<Of>(word, cost, values, meaning, field);
  made.put = [=](Topology& topology, const Part& part, const std::string&, const std::string& text) {
    const auto value = values.parse(text);
    if (value) field(Of::in(topology, part)) = *value;
    return value.has_value();
  };
  made.text = [=](const Topology& topology, const Part& part) {
    return text_of<Value>(values, field(Of::in(topology, part)));
  };
  return made;
}

// `field`: from the network, node, ... to a map from names to values.
template <typename Of, typename Value, typename Field>
Row named_row(const std::string& word, Names names, Cost cost, const Values<Value>& values, const std::string& meaning,
              Field field) {
  Row made = words_of_row<Of>(word, cost, values, meaning, field);
  made.names = std::move(names);
  made.put = [=](Topology& topology, const Part& part, const std::string& name, const std::string& text) {
    const auto value = values.parse(text);
    if (value) field(Of::in(topology, part))[name] = *value;
    return value.has_value();
  };
  made.text = [=](const Topology& topology, const Part& part) {
    std::string text;
    for (const auto& [name, value] : field(Of::in(topology, part)))
      text += fmt::format("{}{}={}", text.empty() ? "" : ",", name, values.text(value));
    return text;
  };
  if (cost != Cost::live) return made;
  made.configured = [=](Topology& topology, const Part& part) { field(Of::in(topology, part)).clear(); };
  made.change = [=](Topology& topology, const Part& part, const std::string& name) {
    field(Of::in(topology, part)).erase(name);
  };
  return made;
}

Names closed_set(const std::vector<std::string>& names) {
  return {"NAME", names, [&names](const std::string& name) {
            return std::count(names.begin(), names.end(), name) != 0 ? std::optional(name) : std::nullopt;
          }};
}

Names of_features() {
  return {"OFFLOAD", feature_names(), [](const std::string& name) { return canonical_feature(name); }};
}

Names of_sysctls() {
  return {"NAME", {}, sysctl_name, sysctl_hint};
}

std::string only_under_test(const Topology& topology, const Part& part) {
  const Node& node = topology.nodes[part.node];
  if (is_device_under_test(node)) return "";
  return fmt::format("'{}' is not under test; hypervisor.lro acts on routers and bridges", node.name);
}

std::string only_virtio(const Topology& topology, const Part& part) {
  const Node& node = topology.nodes[part.node];
  const Interface& interface = node.interfaces[part.interface];
  if (interface.model == NicModel::virtio) return "";
  return fmt::format("the NIC of '{}' on '{}' is {}; only virtio has a choice of queues", node.name, interface.network,
                     to_string(interface.model));
}

std::string only_with_an_end(const Topology& topology, const Part& part) {
  const std::string& network = topology.networks[part.network].name;
  const bool has_end = std::any_of(topology.nodes.begin(), topology.nodes.end(), [&](const Node& node) {
    return !is_device_under_test(node) && find_interface(node, network) != nullptr;
  });
  return has_end ? "" : fmt::format("network '{}' has no client or server that could be held back", network);
}

Values<double> values_of(const FileLimit& limit) {
  switch (limit.unit) {
    case LimitUnit::share:
      return share_values();
    case LimitUnit::ratio:
      return ratio_values(limit.low, limit.high);
    case LimitUnit::seconds:
      return duration_values(limit.low);
  }
  throw std::logic_error("a limit without a unit");
}

void add_limits(std::vector<Row>& rows) {
  const auto add = [&](std::string_view word, const auto& values, const char* meaning, auto member) {
    rows.push_back(row<OfLab>(
        fmt::format("limits.{}", word), Cost::run, values,
        meaning, [member](auto& topology) -> auto& { return topology.limits.*member; }));
  };
  for (const FileLimit& limit : file_limits) add(limit.name(), values_of(limit), limit.meaning, limit.value);
  add("ttl", kept_any_values(), "any: the TTL of packets that leave is not compared", &Limits::any_ttl);
  add("dscp", kept_any_values(), "any: the DSCP of packets that leave is not compared", &Limits::any_dscp);
  add("strict", true_false_values(), "moved segment boundaries and reordering fail instead of warning",
      &Limits::strict);
}

void add_hypervisor(std::vector<Row>& rows) {
  Row of_network = row<OfNetwork>(
      "hypervisor.lro", Cost::live, lro_values(), "every NIC of the devices under test on it",
      [](auto& network) -> auto& { return network.hypervisor_lro; });
  of_network.everywhere = true;
  of_network.configured = [](Topology& topology, const Part& part) {
    topology.networks[part.network].hypervisor_lro = HypervisorLro::off;
  };
  Row of_interface = row<OfInterface>(
      "hypervisor.lro", Cost::live, lro_values(), "of a device under test, on its own NICs",
      [](auto& interface) -> auto& { return interface.hypervisor_lro; });
  of_interface.trouble = only_under_test;
  of_interface.configured = [](Topology& topology, const Part& part) {
    OfInterface::in(topology, part).hypervisor_lro.reset();
  };
  rows.push_back(std::move(of_network));
  rows.push_back(row<OfLab>(
      "hypervisor.lro-families", Cost::live, lro_families_values(),
      "the address families whose coalesced packets are accepted",
      [](auto& topology) -> auto& { return topology.lro_families; }));
  rows.push_back(std::move(of_interface));
}

void add_mtus(std::vector<Row>& rows) {
  const auto field = [](auto& part) -> auto& {
    return part.mtu;
  };
  constexpr Mtu unknown{0};
  rows.push_back(
      row<OfNetwork>("mtu", Cost::live, mtu_values(), "interfaces without an MTU of their own follow", field));
  rows.back().change = [=](Topology& topology, const Part& part, const std::string&) {
    OfNetwork::in(topology, part).mtu = unknown;
  };
  rows.push_back(row<OfInterface>("mtu", Cost::live, mtu_values(), "", field));
  rows.back().change = [=](Topology& topology, const Part& part, const std::string&) {
    OfInterface::in(topology, part).mtu = unknown;
  };
}

void add_shaping(std::vector<Row>& rows) {
  const auto shaping = [&](const char* word, const auto& values, const char* meaning, auto member) {
    rows.push_back(row<OfNetwork>(
        word, Cost::run, values, meaning, [member](auto& network) -> auto& { return network.shaping.*member; }));
    rows.back().trouble = only_with_an_end;
  };
  shaping("rate", rate_values(), "limits what each client and server on it sends", &Shaping::rate);
  shaping("delay", delay_values(), "added in the same place", &Shaping::delay_seconds);
  shaping("loss", loss_values(), "in the same place", &Shaping::loss);
  shaping("queue", queue_values(), "the queue in front of `rate`; what does not fit is dropped", &Shaping::queue);
}

void add_machines(std::vector<Row>& rows) {
  rows.push_back(row<OfInterface>(
      "model", Cost::new_lab, model_values(), "what the guest sees",
      [](auto& interface) -> auto& { return interface.model; }));
  rows.back().called = "a NIC model";
  rows.push_back(named_row<OfInterface>(
      "host.", closed_set(virtio_host_offloads()), Cost::new_lab, on_off_values(),
      fmt::format("libvirt's `<host>` of a virtio NIC: {}", fmt::join(virtio_host_offloads(), ", ")),
      [](auto& interface) -> auto& { return interface.host_offloads; }));
  rows.push_back(named_row<OfInterface>(
      "guest.", closed_set(virtio_guest_offloads()), Cost::new_lab, on_off_values(),
      fmt::format("libvirt's `<guest>` of a virtio NIC: {}", fmt::join(virtio_guest_offloads(), ", ")),
      [](auto& interface) -> auto& { return interface.guest_offloads; }));
  rows.push_back(row<OfInterface>(
      "queues", Cost::new_lab, number_values(queues_range),
      "pairs of queues of a virtio NIC; the guest uses one for each of its CPUs at most",
      [](auto& interface) -> auto& { return interface.queues; }));
  rows.back().trouble = only_virtio;
  rows.push_back(row<OfNetwork>(
      "host_mtu", Cost::new_lab, mtu_values(), "of the host's bridge and of the host side of every NIC on it",
      [](auto& network) -> auto& { return network.host_mtu; }));
  rows.push_back(row<OfNode>(
      "vcpus", Cost::new_lab, number_values(vcpus_range), "", [](auto& node) -> auto& { return node.vcpus; }));
  rows.push_back(row<OfNode>(
      "memory", Cost::new_lab, number_values(memory_range, "MiB"), "",
      [](auto& node) -> auto& { return node.memory_mib; }));
  rows.push_back(row<OfNode>(
      "kernel", Cost::new_lab, kernel_values(), "", [](auto& node) -> auto& { return node.kernel; }));
  rows.push_back(row<OfNode>(
      "image", Cost::new_lab, image_values(), "", [](auto& node) -> auto& { return node.image; }));
}

// The end that sends, by its name; the other one receives. Who connects does not change with it.
Row sender_row() {
  Row made{.scope = Scope::flow,
           .word = "from",
           .cost = Cost::run,
           .values = "the name of the flow's sender or receiver",
           .shown = "a node",
           .meaning = "which of the two sends; who connects does not change with it",
           .put = {},
           .text = {},
           .copy = {}};
  made.put = [](Topology& topology, const Part& part, const std::string&, const std::string& text) {
    Flow& flow = topology.flows[part.flow];
    if (text == flow.to) {
      std::swap(flow.from, flow.to);
      flow.sender_connects = !flow.sender_connects;
    }
    return text == flow.from;
  };
  made.text = [](const Topology& topology, const Part& part) { return topology.flows[part.flow].from; };
  made.copy = [](const Topology& topology, const Part& part, Topology& to, const Part& there) {
    const Flow& flow = topology.flows[part.flow];
    Flow& copy = to.flows[there.flow];
    copy.from = flow.from;
    copy.to = flow.to;
    copy.sender_connects = flow.sender_connects;
  };
  return made;
}

void add_flows(std::vector<Row>& rows) {
  rows.push_back(sender_row());
  const auto df = [](auto& flow) -> auto& {
    return flow.df;
  };
  rows.push_back(row<OfFlow>("df", Cost::live, true_false_values(), "false sends without DF", df));
  rows.back().configured = [=](Topology& topology, const Part& part) { df(OfFlow::in(topology, part)) = true; };
  rows.back().change = [=](Topology& topology, const Part& part, const std::string&) {
    bool& value = df(OfFlow::in(topology, part));
    value = !value;
  };
  rows.push_back(row<OfFlow>(
      "family", Cost::run, family_values(), "", [](auto& flow) -> auto& { return flow.family; }));
  rows.push_back(row<OfFlow>(
      "streams", Cost::run, number_values(streams_range), "connections at the same time",
      [](auto& flow) -> auto& { return flow.streams; }));
  rows.push_back(row<OfFlow>(
      "background", Cost::run, background_values(), "the sender of the load beside the flow",
      [](auto& flow) -> auto& { return flow.background.sender; }));
}

std::vector<Row> make_rows() {
  std::vector<Row> rows;
  add_hypervisor(rows);
  add_limits(rows);
  add_mtus(rows);
  add_shaping(rows);
  rows.push_back(named_row<OfInterface>(
      "", of_features(), Cost::live, on_off_values(), "by the names of `ethtool -k`: lro, gro, gso, tso, rx, tx, ...",
      [](auto& interface) -> auto& { return interface.features; }));
  rows.push_back(named_row<OfNode>(
      "sysctl.", of_sysctls(), Cost::live, line_values(), "any of the guest's: NODE.sysctl.net.core.gro_normal_batch",
      [](auto& node) -> auto& { return node.sysctls; }));
  add_machines(rows);
  add_flows(rows);
  return rows;
}

}  // namespace

const std::vector<Row>& setting_rows() {
  static const std::vector<Row> rows = make_rows();
  return rows;
}

const Row& setting_row(Scope scope, std::string_view word) {
  for (const Row& row : setting_rows())
    if (row.scope == scope && row.word == word) return row;
  throw std::logic_error(fmt::format("no setting '{}'", word));
}

Topology as_configured(Topology topology) {
  for (const Row& row : setting_rows())
    if (row.configured)
      for (const Part& part : parts_of(topology, row.scope)) row.configured(topology, part);
  return topology;
}

}  // namespace offlab
