#include "config/check_flows.h"

#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "config/check_topology.h"
#include "model/path.h"

namespace offlab {
namespace {

// The interfaces of a flow's way: "NODE on NETWORK".
std::vector<std::pair<std::string, std::string>> ports_of(const Flow& flow, const std::vector<Hop>& path) {
  std::vector<std::pair<std::string, std::string>> ports = {{flow.from, path.front().ingress}};
  for (const Hop& hop : path) {
    ports.emplace_back(hop.router, hop.ingress);
    ports.emplace_back(hop.router, hop.egress);
  }
  ports.emplace_back(flow.to, path.back().egress);
  return ports;
}

std::optional<FlowProblem> find_family_problem(const Topology& topology, const Flow& flow,
                                               const std::vector<Hop>& path) {
  const std::string_view family = to_string(flow.family);
  for (const auto& [node, name] : ports_of(flow, path)) {
    const Network* network = find_network(topology, name);
    if (!prefix_of(*network, flow.family))
      return FlowProblem{
          true, false,
          fmt::format("flow '{}' is {}, but network '{}' has no {} prefix", flow.name, family, name, family),
          fmt::format("give network '{}' an {} prefix, or choose another family", name, family)};
    const Mtu mtu = effective_mtu(topology, *find_interface(*find_node(topology, node), name));
    if (flow.family == Family::ipv6 && mtu < smallest_ipv6_mtu)
      return FlowProblem{
          true, false,
          fmt::format("flow '{}' is ipv6, but the MTU of '{}' on network '{}' is {}", flow.name, node, name, mtu.bytes),
          "IPv6 needs at least 1280"};
  }
  return std::nullopt;
}

// The sender of BSD's has IPv4 all the way, and an address of its own where the data comes from. The others use what
// the flow has.
std::optional<FlowProblem> find_background_problem(const Topology& topology, const Flow& flow,
                                                   const std::vector<Hop>& path) {
  constexpr std::uint16_t last_port = 65533;  // of which the next but one is the load's
  if (flow.background.sender != BackgroundSender::off && flow.connect && flow.connect->port > last_port)
    return FlowProblem{false, true, fmt::format("flow '{}' connects to port {}", flow.name, flow.connect->port),
                       "the next port but one is the one of the load beside it"};
  if (flow.background.sender != BackgroundSender::bsd) return std::nullopt;
  if (find_node(topology, flow.from)->container)
    return FlowProblem{false, true,
                       fmt::format("the background sender 'bsd' of flow '{}' does not run in a container", flow.name),
                       R"(sender = "tcp" or "udp")"};
  if (flow.background.opposite)
    return FlowProblem{
        false, true,
        fmt::format("the background sender 'bsd' of flow '{}' sends in the flow's direction only", flow.name),
        R"(direction = "same", or sender = "tcp" or "udp")"};
  Flow background = flow;
  background.family = Family::ipv4;
  if (const auto problem = find_family_problem(topology, background, path))
    return FlowProblem{false, true, fmt::format("the background of {}", problem->message),
                       "the load beside a flow goes over IPv4"};
  const std::string& network = path.front().ingress;
  if (!background_address(topology, network))
    return FlowProblem{
        false, true,
        fmt::format("network '{}' has no free address for the background of flow '{}'", network, flow.name),
        "choose a shorter prefix length"};
  return std::nullopt;
}

// A container's veth pair has the MTU of its node's narrowest NIC, wherever the flow goes.
std::optional<FlowProblem> find_container_problem(const Topology& topology, const Flow& flow) {
  if (flow.family != Family::ipv6) return std::nullopt;
  for (const std::string& end : {flow.from, flow.to}) {
    const Node& node = *find_node(topology, end);
    if (node.container && container_mtu(topology, node) < smallest_ipv6_mtu)
      return FlowProblem{
          true, false,
          fmt::format("flow '{}' is ipv6, but the container of '{}' has the MTU of its narrowest NIC, {}", flow.name,
                      end, container_mtu(topology, node).bytes),
          "IPv6 needs at least 1280"};
  }
  return std::nullopt;
}

bool has_unique_nodes(const Topology& topology) {
  std::set<std::string> names;
  return std::all_of(topology.nodes.begin(), topology.nodes.end(),
                     [&](const Node& node) { return names.insert(node.name).second; });
}

// Whether a missing path would be a mistake of its own, rather than the consequence of one already reported.
bool are_paths_decidable(const PlacedTopology& placed) {
  const Topology& topology = placed.topology;
  const auto has_interfaces = [&](const Node& node) {
    return node.interfaces.size() >= needed_interfaces(node.role) &&
           std::all_of(node.interfaces.begin(), node.interfaces.end(), [&](const Interface& interface) {
             return find_network(topology, interface.network) != nullptr;
           });
  };
  return has_unique_nodes(topology) &&
         std::all_of(placed.networks.begin(), placed.networks.end(),
                     [](const auto& places) { return places.is_sound; }) &&
         std::all_of(placed.nodes.begin(), placed.nodes.end(), [](const auto& places) { return places.is_sound; }) &&
         std::all_of(topology.nodes.begin(), topology.nodes.end(), has_interfaces);
}

void check_end(const Topology& topology, const std::string& name, SourcePosition position, Mistakes& mistakes) {
  if (name.empty() || find_node(topology, name) != nullptr) return;
  mistakes.add(position, fmt::format("unknown node '{}'", name), hint_for_name(name, topology.nodes));
}

bool check_flow(const PlacedTopology& placed, const Flow& flow, const FlowPlaces& places, bool is_path_decidable,
                Mistakes& mistakes) {
  const std::size_t before = mistakes.count();
  const Topology& topology = placed.topology;
  check_end(topology, flow.from, places.from, mistakes);
  check_end(topology, flow.to, places.to, mistakes);
  const Node* from = find_node(topology, flow.from);
  if (!flow.from.empty() && flow.from == flow.to)
    mistakes.add(places.to, fmt::format("flow '{}' goes from '{}' to itself", flow.name, flow.from));
  else if (from != nullptr && is_device_under_test(*from))
    mistakes.add(places.from,
                 fmt::format("flow '{}' starts at the {} '{}'", flow.name, to_string(from->role), flow.from),
                 "flows go from a client or server, through the router, to another");
  if (mistakes.count() != before || !places.is_sound || !is_path_decidable) return false;
  const auto problem = find_flow_problem(topology, flow);
  if (problem)
    mistakes.add(problem->in_family       ? places.family
                 : problem->in_background ? places.background
                                          : places.whole,
                 problem->message, problem->hint);
  return !problem;
}

}  // namespace

std::optional<FlowProblem> find_flow_problem(const Topology& topology, const Flow& flow) {
  const auto path = flow_path(topology, flow);
  if (!path)
    return FlowProblem{false, false,
                       fmt::format("flow '{}' has no path from '{}' to '{}'", flow.name, flow.from, flow.to),
                       "a router joins their networks with an interface on each"};
  if (path->empty())
    return FlowProblem{false, false, fmt::format("flow '{}' passes no router", flow.name),
                       fmt::format("'{}' and '{}' are on the same network", flow.from, flow.to)};
  if (const Node* from = find_node(topology, flow.from); from->pool.count > 0)
    return FlowProblem{false, false,
                       fmt::format("flow '{}' comes from '{}', which stands for many", flow.name, flow.from),
                       "a node with 'addresses' can only be where a flow goes to"};
  if (auto problem = find_family_problem(topology, flow, *path)) return problem;
  if (auto problem = find_container_problem(topology, flow)) return problem;
  if (flow.connect && flow.connect->address.family != flow.family)
    return FlowProblem{
        false, false,
        fmt::format("flow '{}' is {}, but connects to {}", flow.name, to_string(flow.family), to_string(*flow.connect)),
        "choose an address of the flow's family"};
  if (flow.connect && flow.connect->port == 65535)
    return FlowProblem{false, false, fmt::format("flow '{}' connects to port 65535", flow.name),
                       "the next port is the one of the fixed-byte transfer"};
  return find_background_problem(topology, flow, *path);
}

std::optional<FlowProblem> find_flow_problem(const Topology& topology) {
  for (const Flow& flow : topology.flows)
    if (auto problem = find_flow_problem(topology, flow)) return problem;
  return std::nullopt;
}

bool check_flows(const PlacedTopology& placed, Mistakes& mistakes) {
  const bool is_decidable = are_paths_decidable(placed);
  bool is_fine = true;
  for (std::size_t i = 0; i < placed.topology.flows.size(); ++i)
    is_fine = check_flow(placed, placed.topology.flows[i], placed.flows[i], is_decidable, mistakes) && is_fine;
  return is_fine;
}

}  // namespace offlab
