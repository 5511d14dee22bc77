#include "plan/guest_commands.h"

#include <algorithm>

#include <fmt/format.h>

#include "model/path.h"
#include "setting/end_commands.h"
#include "setting/switch_commands.h"
#include "setting/sysctl.h"
#include "setting/traffic_source.h"

namespace offlab {
namespace {

constexpr const char* guest_bridge_name = "bridge0";  // reserved: no network has it

// An IPv4 prefix's first address as a number.
std::uint32_t first_number(const IpPrefix& prefix) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8U) | prefix.address.bytes[i];
  return number;
}

// Under software emulation a process costs a guest some 50 ms: what the shell can do itself it does, and all else goes
// to as few calls of ip as possible.

// NICs get their planned names, found by their MAC addresses.
std::string rename_command(const NodePlan& plan) {
  std::string cases;
  for (const NicPlan& nic : plan.nics) cases += fmt::format("{}) n={} ;; ", nic.mac, nic.device);
  return fmt::format(
      "for d in /sys/class/net/*; do read a < $d/address; case $a in {}*) continue ;; esac; i=${{d##*/}}; "
      "echo 0 > /proc/sys/net/ipv6/conf/$i/accept_dad; echo 0 > /proc/sys/net/ipv6/conf/$i/accept_ra; "
      "echo \"link set dev $i name $n\"; done | ip -batch -",
      cases);
}

// A system of its own may have a program that configures NICs: it leaves these alone from now on. What they have by
// then goes away.
std::string take_over_command(const NodePlan& plan) {
  std::string macs;
  std::string words;
  for (const NicPlan& nic : plan.nics) {
    macs += " " + nic.mac;
    words += fmt::format("{}{}", words.empty() ? "" : "|", nic.mac);
  }
  return fmt::format(
      "if [ -d /run/systemd/netif ]; then mkdir -p /run/systemd/network && "
      "printf '[Match]\\nMACAddress={0}\\n[Link]\\nUnmanaged=yes\\n' > /run/systemd/network/00-offlab.network && "
      "networkctl reload; fi; "
      "for d in /sys/class/net/*; do read a < $d/address; case $a in {1}) i=${{d##*/}}; "
      "if command -v nmcli > /dev/null; then nmcli device set $i managed no; fi; "
      "ip address flush dev $i; ip link set dev $i down ;; esac; done",
      macs, words);
}

std::string batch(const std::vector<std::string>& lines) {
  return fmt::format("ip -batch - <<'END'\n{}\nEND", fmt::join(lines, "\n"));
}

// Below the smallest MTU of IPv6 Linux has none on an interface. Flows over IPv6 do not pass there
// (config/check_flows).
bool has_ipv6(const Topology& topology, const Interface& interface) {
  return effective_mtu(topology, interface) >= smallest_ipv6_mtu;
}

constexpr const char* forward_command =
    "echo 1 > /proc/sys/net/ipv4/ip_forward && echo 1 > /proc/sys/net/ipv6/conf/all/forwarding";

// Of each network namespace that flows may begin or end in. A storm must not leave its slow-start threshold to the
// transfer after it.
std::string end_commands(const Topology& topology, const Node& node) {
  return "echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save; " + windows_command(node, streams_at(topology, node.name));
}

// Its gateway is on one of the node's networks.
bool is_reachable(const Topology& topology, const Node& node, const Route& route) {
  if (route.gateway.family == Family::ipv4) return true;
  return std::any_of(node.interfaces.begin(), node.interfaces.end(), [&](const Interface& interface) {
    const Network* network = find_network(topology, interface.network);
    return network->ipv6 && contains(*network->ipv6, route.gateway) && has_ipv6(topology, interface);
  });
}

void add_interface(std::vector<std::string>& lines, const Topology& topology, const Interface& interface) {
  const std::string& nic = device_of(interface);
  const std::string device = addressed_device(interface);
  const auto mtu = effective_mtu(topology, interface).bytes;
  lines.push_back(fmt::format("link set dev {} mtu {} up", nic, mtu));
  if (interface.vlan) {
    lines.push_back(fmt::format("link add link {} name {} type vlan id {}", nic, device, *interface.vlan));
    lines.push_back(fmt::format("link set dev {} mtu {} up", device, mtu));
  }
  const Network* network = find_network(topology, interface.network);
  if (interface.ipv4)
    lines.push_back(fmt::format("address add {}/{} dev {}", to_string(*interface.ipv4), network->ipv4->length, device));
  if (interface.ipv6 && has_ipv6(topology, interface))
    lines.push_back(
        fmt::format("address add {}/{} dev {} nodad", to_string(*interface.ipv6), network->ipv6->length, device));
}

void add_bridge(std::vector<std::string>& lines, const Node& node) {
  lines.push_back(
      fmt::format("link add {} type bridge stp_state 0 forward_delay 0 mcast_snooping 0", guest_bridge_name));
  for (const Interface& interface : node.interfaces)
    lines.push_back(fmt::format("link set dev {} master {}", device_of(interface), guest_bridge_name));
  lines.push_back(fmt::format("link set dev {} up", guest_bridge_name));
}

// Connections leave from the pool's addresses in turn; the map goes through a pipe, it is too long for a command.
void add_pool(std::vector<std::string>& commands, const AddressPool& pool) {
  const auto answer_for = [&](const IpPrefix& prefix, const char* family, const char* table) {
    commands.push_back(fmt::format("ip {} route add local {} dev lo", family, to_string(prefix)));
    const std::string element =
        prefix.address.family == Family::ipv4
            ? fmt::format(
                  "b = {} + i; printf \"%d : %d.%d.%d.%d\", i - 1, int(b / 16777216) % 256, int(b / 65536) % 256, "
                  "int(b / 256) % 256, b % 256",
                  first_number(prefix))
            : fmt::format("printf \"%d : {}%x\", i - 1, i", to_string(prefix.address));
    commands.push_back(fmt::format(
        "awk 'BEGIN {{ print \"table {0} offlab {{ chain from_pool {{ type nat hook postrouting priority srcnat; "
        "oifname != \\\"mgmt\\\" meta l4proto tcp snat to numgen inc mod {1} map {{\"; for (i = 1; i <= {1}; i++) {{ "
        "{2}; "
        "print (i < {1} ? \",\" : \"\") }} print \"}}\\n}}\\n}}\" }}' | nft -f -",
        table, pool.count, element));
  };
  if (pool.ipv4) answer_for(*pool.ipv4, "-4", "ip");
  if (pool.ipv6) answer_for(*pool.ipv6, "-6", "ip6");
}

std::string container_gateway(const Container& container, Family family) {
  return to_string(*host_address(*prefix_of(container, family), 1));
}

// The ports of flows (setting/traffic_source.h).
std::string container_nat(const Container& container, Family family) {
  const char* table = family == Family::ipv4 ? "ip" : "ip6";
  const std::string ports = fmt::format("{{ {}, {}, {}, {}, {} }}", iperf_port, stream_port, background_port,
                                        iperf_push_port, stream_push_port);
  return fmt::format(
      "table {0} offlab_container {{\n"
      "chain out {{ type nat hook postrouting priority srcnat; {0} saddr {1} oifname != {{ \"mgmt\", \"{2}\" }} "
      "masquerade; }}\n"
      "chain in {{ type nat hook prerouting priority dstnat; iifname != {{ \"mgmt\", \"{2}\" }} meta l4proto {{ tcp, "
      "udp }} th dport {3} dnat to {4}; }}\n"
      "}}",
      table, to_string(*prefix_of(container, family)), container_namespace, ports,
      to_string(*address_of(container, family)));
}

void add_container(std::vector<std::string>& commands, const Topology& topology, const Node& node) {
  const Container& container = *node.container;
  const char* name = container_namespace;
  const auto mtu = container_mtu(topology, node).bytes;
  std::vector<std::string> outside = {fmt::format("netns add {}", name),
                                      fmt::format("link add {0} type veth peer name eth0 netns {0}", name),
                                      fmt::format("link set dev {} mtu {} up", name, mtu)};
  std::vector<std::string> inside = {"link set dev lo up", fmt::format("link set dev eth0 mtu {} up", mtu)};
  std::string rules;
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const auto prefix = prefix_of(container, family);
    if (!prefix || (family == Family::ipv6 && mtu < smallest_ipv6_mtu.bytes)) continue;
    const char* nodad = family == Family::ipv6 ? " nodad" : "";
    const std::string gateway = container_gateway(container, family);
    outside.push_back(fmt::format("address add {}/{} dev {}{}", gateway, prefix->length, name, nodad));
    inside.push_back(
        fmt::format("address add {}/{} dev eth0{}", to_string(*address_of(container, family)), prefix->length, nodad));
    inside.push_back(fmt::format("route add default via {}", gateway));
    if (container.nat) rules += container_nat(container, family) + "\n";
  }
  commands.emplace_back("mkdir -p /var/run");  // where `ip netns` has its files
  commands.push_back(batch(outside));
  commands.push_back(fmt::format("ip -n {} -batch - <<'END'\n{}\nEND", name, fmt::join(inside, "\n")));
  commands.emplace_back(forward_command);
  // Connection tracking would keep a packet with a wrong checksum from the container, whose counters tell of it.
  if (!rules.empty())
    commands.push_back(
        fmt::format("nft -f - <<'END'\n{}END\necho 0 > /proc/sys/net/netfilter/nf_conntrack_checksum", rules));
  commands.push_back(in_namespace(name, end_commands(topology, node)));
}

template <typename Value>
std::optional<Value> found_in(const std::map<std::string, Value>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

// In the order of the node's interfaces.
std::vector<GuestItem> items_of(const SwitchRow& row, const Topology& topology, const Node& node) {
  std::vector<GuestItem> items;
  for (const auto& [item, value] : row.wanted(topology, node)) items.push_back(item);
  const auto place = [&](const GuestItem& item) { return find_interface(node, item.network); };
  std::stable_sort(items.begin(), items.end(),
                   [&](const GuestItem& a, const GuestItem& b) { return place(a) < place(b); });
  return items;
}

}  // namespace

std::vector<std::string> configuration_commands(const Topology& topology, const Node& node, const NodePlan& plan) {
  if (node.existing || (node.disk && node.disk->configure == Configured::nothing)) return {};
  if (node.disk && node.disk->configure == Configured::forwarding) return {forward_command};
  std::vector<std::string> commands;
  if (node.disk)
    commands = {take_over_command(plan), "sleep 0.2"};
  else
    commands = {end_commands(topology, node)};
  commands.push_back(rename_command(plan));
  std::vector<std::string> lines;
  for (const Interface& interface : node.interfaces) add_interface(lines, topology, interface);
  if (node.role == NodeRole::bridge) add_bridge(lines, node);
  for (const Route& route : routes_of(topology, node))
    if (is_reachable(topology, node, route))
      lines.push_back(fmt::format("route add {} via {}", to_string(route.destination), to_string(route.gateway)));
  // Of two NICs on one link each answers for its own addresses only: packets come in where the topology says.
  if (std::any_of(node.interfaces.begin(), node.interfaces.end(), [](const Interface& one) { return one.own_nic; }))
    commands.emplace_back(
        "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore; echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce");
  commands.push_back(batch(lines));
  // After the interfaces are up: forwarding clears LRO, and a vmxnet3 that comes up without LRO takes one buffer a
  // frame from then on, so that QEMU drops merged frames before the guest sees them. See docs/hazards.md.
  if (node.role == NodeRole::router) commands.emplace_back(forward_command);
  if (node.container) add_container(commands, topology, node);
  if (node.pool.count > 0) add_pool(commands, node.pool);
  if (!is_device_under_test(node))
    for (const Interface& interface : node.interfaces)
      if (const Shaping& shaping = find_network(topology, interface.network)->shaping; shaping != Shaping{})
        commands.push_back(shaping_command(addressed_device(interface), shaping));
  return commands;
}

std::vector<std::string> item_commands(const Topology& topology, const Node& node, const GuestItems& items) {
  std::vector<std::string> commands;
  for (const SwitchRow& row : switch_rows()) {
    if (row.commands == nullptr) continue;
    for (const GuestItem& item : items_of(row, topology, node))
      if (items.count(item) != 0)
        for (std::string& command : row.commands(topology, node, item)) commands.push_back(std::move(command));
  }
  return commands;
}

std::vector<std::string> leg_commands(const Topology& topology, const Node& node, const GuestItems& items) {
  std::vector<std::string> commands = item_commands(topology, node, items);
  const Flow& flow = topology.flows.front();
  if (node.existing && flow.from == node.name && flow.family == Family::ipv4) commands.push_back(require_df());
  // Where no leg of the lab switches it, its value is written all the same: whoever uses the guest may have changed it.
  if (!node.existing && flow.from == node.name && items.count({Switch::df, node.name}) == 0)
    commands.push_back(in_namespace(end_namespace(node), df_value(flow.df)));
  // A path MTU that an earlier leg's ICMP errors taught.
  const std::string flush =
      flow.family == Family::ipv4 ? "echo 1 > /proc/sys/net/ipv4/route/flush" : "ip -6 route flush cache";
  if (flow.from == node.name || flow.to == node.name) {
    commands.push_back(flush);
    if (node.container) commands.push_back(in_namespace(end_namespace(node), flush));
  }
  return commands;
}

step::NodeSettings node_settings(const Node& node, const GuestItems& items) {
  step::NodeSettings settings{node.name, {}, {}};
  if (node.existing) settings.system = node.existing->system;
  for (const GuestItem& item : items) {
    if (item.node != node.name) continue;
    if (item.what == Switch::sysctl)
      settings.values.push_back({sysctl_file(item.name), found_in(node.sysctls, item.name)});
    if (item.what != Switch::offload) continue;
    const Interface& interface = *find_interface(node, item.network);
    settings.features[device_of(interface)][item.name] = found_in(interface.features, item.name);
  }
  return settings;
}

}  // namespace offlab
