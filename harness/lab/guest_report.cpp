#include "lab/guest_report.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include <fmt/ranges.h>

#include "base/shell_words.h"
#include "family/guest_family.h"
#include "measure/sections.h"

namespace offlab {
namespace {

// Images of ours have all of them, and frames of guests are captured outside.
bool needs(const NodePlan& node, const std::string& program) {
  if (program == "iperf3") return node.existing && !node.device_under_test;
  const auto inside = [](const NicPlan& nic) { return !nic.capture; };
  if (program == "tcpdump")
    return node.existing && node.device_under_test && std::any_of(node.nics.begin(), node.nics.end(), inside);
  return true;
}

std::string text_of(const std::map<std::string, std::string>& sections, const std::string& name) {
  const auto found = sections.find(name);
  return found == sections.end() ? "" : without_last_ends_of_line(found->second);
}

const std::pair<const std::string, GuestReport::Nic>* nic_with(const GuestReport& report, const std::string& mac) {
  for (const auto& one : report.nics)
    if (one.second.mac == mac) return &one;
  return nullptr;
}

std::string list_of(const std::vector<std::string>& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

std::string network_with(const NodePlan& node, const std::string& mac) {
  for (const NicPlan& nic : node.nics)
    if (nic.mac == mac) return nic.network;
  return "?";
}

Difference wrong_name(const GuestReport& report, const NodePlan& node, const GuestState::Nic& wanted) {
  const std::string network = network_with(node, wanted.mac);
  const auto* real = nic_with(report, wanted.mac);
  std::vector<std::string> names;
  for (const auto& [name, nic] : report.nics)
    if (name != "lo" && nic.mac != node.management_mac) names.push_back(name);
  if (wanted.mac.empty())
    return {fmt::format("'{}' has no interface '{}'; it has {}", node.name, wanted.device, list_of(names)),
            "write what the machine calls it into the file: `device` of the interface"};
  if (real == nullptr)
    return {fmt::format("'{}' has no interface '{}'; it has {}", node.name, wanted.device, list_of(names)),
            fmt::format("say in the recipe's [interfaces] what it calls the one on '{}'", network)};
  return {
      fmt::format("'{}' calls its interface on '{}' {}, and not {}", node.name, network, real->first, wanted.device),
      fmt::format("in the recipe: [interfaces] {} = \"{}\"", network, real->first)};
}

void compare_nic(const GuestReport& report, const NodePlan& node, const GuestState::Nic& wanted,
                 std::vector<Difference>& all) {
  const auto found = report.nics.find(wanted.device);
  const bool is_below = wanted.device.find('.') != std::string::npos;  // a VLAN's: its MAC address is the NIC's
  if (found == report.nics.end() || (!wanted.mac.empty() && found->second.mac != wanted.mac && !is_below)) {
    all.push_back(wrong_name(report, node, wanted));
    return;
  }
  const GuestReport::Nic& nic = found->second;
  const std::string name = fmt::format("{} of '{}'", wanted.device, node.name);
  if (!nic.up) all.push_back({fmt::format("{} is down", name), "the guest's configuration must bring it up"});
  if (nic.mtu != wanted.mtu.bytes)
    all.push_back({fmt::format("{} has an MTU of {}; the topology file says {}", name, nic.mtu, wanted.mtu.bytes),
                   "write the MTU that the guest has into the file: `mtu` of the network or the interface"});
  for (const std::string& address : wanted.addresses)
    if (std::find(nic.addresses.begin(), nic.addresses.end(), address) == nic.addresses.end())
      all.push_back(
          {fmt::format("{} has no address {}; it has {}", name, address, list_of(nic.addresses)),
           "write the address that the guest has into the file: `ipv4` or `ipv6` of the interface and its network"});
}

}  // namespace

GuestReport parse_guest_report(const std::string& text) {
  const auto sections = parse_sections(text);
  GuestReport report;
  report.system = text_of(sections, "system");
  if (const auto end = report.system.find('\n'); end != std::string::npos) report.system.replace(end, 1, ", ");
  std::istringstream nics(text_of(sections, "nics"));
  std::string name;
  std::string mac;
  unsigned mtu = 0;
  std::string flags;
  while (nics >> name >> mac >> mtu >> flags) {
    unsigned bits = 0;
    std::from_chars(flags.data() + std::min<std::size_t>(2, flags.size()), flags.data() + flags.size(), bits, 16);
    report.nics[name] = {mac, mtu, (bits & 1U) != 0, {}};
  }
  // 2: ens4    inet 203.0.113.1/24 brd 203.0.113.255 scope global ens4
  std::istringstream lines(text_of(sections, "addresses"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string index;
    std::string kind;
    std::string address;
    words >> index >> name >> kind >> address;
    if (const auto at = name.find('@'); at != std::string::npos) name.resize(at);
    const auto nic = report.nics.find(name);
    if (nic != report.nics.end() && (kind == "inet" || kind == "inet6")) nic->second.addresses.push_back(address);
  }
  std::istringstream missing(text_of(sections, "missing"));
  for (std::string program; missing >> program;) report.missing.push_back(program);
  report.ipv4_forwarding = text_of(sections, "ip_forward");
  report.ipv6_forwarding = text_of(sections, "ipv6_forwarding");
  return report;
}

std::vector<Difference> missing_in(const GuestReport& report, const NodePlan& node) {
  std::vector<Difference> all;
  for (const std::string& program : report.missing)
    if (needs(node, program))
      all.push_back({fmt::format("'{}' has no program '{}'", node.name, program),
                     node.existing ? "install it there" : "install it in the image"});
  for (const NicPlan& nic : node.nics) {
    if (nic.mac.empty()) continue;  // found by its name
    std::vector<std::string> same;
    for (const auto& [name, one] : report.nics)
      if (one.mac == nic.mac && name.find('.') == std::string::npos) same.push_back(name);
    if (same.empty())
      all.push_back({fmt::format("'{}' has no interface with the MAC address {}: its NIC on '{}', model {}", node.name,
                                 nic.mac, nic.network, to_string(nic.model)),
                     fmt::format("does its kernel have the driver, {}?", row_of(nic.model).driver)});
  }
  return all;
}

std::vector<Difference> differences(const GuestReport& report, const NodePlan& node) {
  std::vector<Difference> all;
  for (const GuestState::Nic& wanted : node.expected.nics) compare_nic(report, node, wanted, all);
  const auto forwards = [&](bool wanted, const std::string& value, const char* name, Family family) {
    if (wanted && value == "0")
      all.push_back({fmt::format("'{}' does not forward {} packets ({} is 0)", node.name, name,
                                 family_of(system_of(node)).forwarding_name(family)),
                     "configure = \"forwarding\" in the recipe lets offlab switch it on"});
  };
  forwards(node.expected.forwards_ipv4, report.ipv4_forwarding, "IPv4", Family::ipv4);
  forwards(node.expected.forwards_ipv6, report.ipv6_forwarding, "IPv6", Family::ipv6);
  return all;
}

}  // namespace offlab
