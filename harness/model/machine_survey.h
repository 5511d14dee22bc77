// What a machine says of itself, as far as forwarding merged packets is concerned.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace offlab {

struct SurveyedFeature {
  bool on = false;
  bool fixed = false;         // "[fixed]"
  bool requested_on = false;  // "off [requested on]": it comes on when what forbids it goes away
  bool operator==(const SurveyedFeature&) const = default;
};

// Absent: it was not seen.
struct SurveyedLink {
  std::string name = {};
  std::string kind = {};    // "vlan", "bridge", "bond", "wireguard", ...; empty: a NIC, or not known
  std::string driver = {};  // as `ethtool -i` has it
  std::string mac = {};
  std::optional<unsigned> mtu = {};
  std::optional<bool> up = {};
  std::string master = {};              // the bridge or bond that it is a port of
  std::vector<std::string> lower = {};  // the links that it is on
  std::optional<unsigned> vlan = {};
  std::vector<std::string> addresses = {};               // with their prefix lengths
  std::map<std::string, SurveyedFeature> features = {};  // by their names in `ethtool -k`
  // The virtio device's feature bits, bit 0 first: '0' and '1'. /sys/class/net/NIC/device/features.
  std::string virtio_features = {};
  std::optional<bool> forwards_ipv4 = {};  // /proc/sys/net/ipv4/conf/NIC/forwarding
  std::optional<bool> forwards_ipv6 = {};
  bool operator==(const SurveyedLink&) const = default;
};

struct MachineSurvey {
  std::string kernel = {};   // as `uname -sr` has it
  std::string system = {};   // PRETTY_NAME of os-release
  std::string product = {};  // of the machine, from its DMI tables: "QEMU Standard PC", "VMware, Inc. VMware7,1"
  std::optional<bool> forwards = {};  // ip_forward, or IPv6's for all links
  std::vector<SurveyedLink> links = {};
  std::vector<std::string> upstream = {};  // the links of default routes
  bool operator==(const MachineSurvey&) const = default;
};

const SurveyedLink* find_link(const MachineSurvey& survey, const std::string& name);

}  // namespace offlab
