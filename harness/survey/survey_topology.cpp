#include "survey/survey_topology.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "model/nic_model.h"
#include "model/offload.h"
#include "survey/forwarding_paths.h"

namespace offlab {
namespace {

constexpr std::size_t most_networks = 16;    // interfaces of a node
constexpr std::size_t longest_network = 11;  // characters of a network's name
constexpr unsigned ethernet_mtu = 1500;

struct Port {
  const SurveyedLink* nic;
  std::string network;
};

// Letters, digits and dashes, as a topology file takes them; each once.
std::string network_name(const std::string& link, std::set<std::string>& taken) {
  std::string name;
  for (const char c : link)
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-') name += c;
  if (name.empty() || !((name[0] >= 'a' && name[0] <= 'z') || (name[0] >= 'A' && name[0] <= 'Z'))) name = "n" + name;
  name.resize(std::min(name.size(), longest_network - 2));
  std::string unique = name;
  for (unsigned i = 2; !taken.insert(unique).second; ++i) unique = name + std::to_string(i);
  return unique;
}

std::string model_of(const SurveyedLink& nic) {
  for (const NicModelRow& row : nic_models)
    if (row.driver == nic.driver) return std::string(row.name);
  return "";
}

std::string mtu_of(const SurveyedLink& nic) {
  const unsigned mtu = nic.mtu.value_or(ethernet_mtu);
  return mtu == ethernet_mtu ? "" : fmt::format(", mtu = {}", mtu);
}

std::string offloads_of(const SurveyedLink& nic) {
  std::string words;
  for (const std::string_view name : {feature_lro, std::string_view("generic-receive-offload")})
    if (const auto found = nic.features.find(std::string(name)); found != nic.features.end() && !found->second.fixed)
      words +=
          fmt::format("{}{} = \"{}\"", words.empty() ? "" : ", ", short_feature(name), found->second.on ? "on" : "off");
  return words.empty() ? "" : fmt::format(", offloads = {{ {} }}", words);
}

}  // namespace

std::string topology_of(const MachineSurvey& survey, const std::string& name) {
  if (survey.kind == SystemKind::freebsd)
    throw Error("the routers of a lab run Linux; what one does says nothing of a FreeBSD machine");
  const ForwardingPaths paths = forwarding_paths(survey);
  std::vector<Port> ports;
  std::set<std::string> taken;
  std::string left_out;
  for (const ForwardingNic& one : paths.nics) {
    if (model_of(*one.nic).empty() || ports.size() == most_networks)
      left_out += fmt::format("# {} ({}) is not in this file: offlab has no such NIC.\n", clean_line(one.nic->name),
                              one.nic->driver.empty() ? "driver not seen" : clean_line(one.nic->driver));
    else
      ports.push_back({one.nic, network_name(one.nic->name, taken)});
  }
  if (ports.size() < 2)
    throw Error("a lab needs a router with two NICs, and fewer were seen that forward and that offlab has a model of");
  auto upstream = std::find_if(ports.begin(), ports.end(), [&](const Port& port) {
    return std::find(survey.upstream.begin(), survey.upstream.end(), port.nic->name) != survey.upstream.end();
  });
  if (upstream == ports.end()) upstream = ports.end() - 1;

  std::string text = fmt::format(
      "# What `offlab inspect` saw of {}. Addresses are those of a lab; VLANs, bonds, bridges,\n# tunnels, NAT and "
      "firewall rules are left out.\n{}name = \"{}\"\nsummary = \"The shape of a "
      "router\"\n",
      clean_line(name), left_out, network_name(name, taken));
  std::size_t number = 0;
  for (const Port& port : ports) {
    ++number;
    text += fmt::format("\n[[network]]\nname = \"{}\"\nipv4 = \"198.18.{}.0/24\"\nipv6 = \"2001:2:0:{}::/64\"\n",
                        port.network, number, number);
  }
  text += "\n[[node]]\nname = \"router\"\nrole = \"router\"\ninterfaces = [\n";
  for (const Port& port : ports)
    text += fmt::format("  {{ network = \"{}\", model = \"{}\"{}{} }},\n", port.network, model_of(*port.nic),
                        mtu_of(*port.nic), offloads_of(*port.nic));
  text += "]\n";
  std::size_t clients = 0;
  for (auto port = ports.begin(); port != ports.end(); ++port) {
    const bool is_server = port == upstream;
    std::string node = "server";
    if (!is_server) node = ++clients == 1 ? "client" : fmt::format("client-{}", clients);
    text += fmt::format("\n[[node]]\nname = \"{}\"\nrole = \"{}\"\ninterfaces = [ {{ network = \"{}\"{} }} ]\n", node,
                        is_server ? "server" : "client", port->network, is_server ? "" : mtu_of(*port->nic));
  }
  return text + R"(
[[flow]]
name = "download"
from = "server"
to   = "client"
df   = true

[[case]]
name = "as-it-is"

# The hypervisor hands over coalesced packets.
[[case]]
name = "hypervisor-lro"
set  = { "hypervisor.lro" = "passthrough" }
)";
}

}  // namespace offlab
