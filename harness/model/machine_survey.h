// What a machine says of itself, as far as forwarding merged packets is concerned.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/system_kind.h"

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
  std::string kind = {};    // "vlan", "bridge", "bond", "lagg", "wireguard", ...; empty: a NIC, or not known
  std::string driver = {};  // as `ethtool -i` has it; FreeBSD: the name without its number, "vmx"
  std::string mac = {};
  std::optional<unsigned> mtu = {};
  std::optional<bool> up = {};
  std::string master = {};              // the bridge or bond that it is a port of
  std::vector<std::string> lower = {};  // the links that it is on
  std::optional<unsigned> vlan = {};
  std::vector<std::string> addresses = {};               // with their prefix lengths
  std::map<std::string, SurveyedFeature> features = {};  // by their names in `ethtool -k`, also FreeBSD's
  // The virtio device's feature bits, bit 0 first: '0' and '1'. /sys/class/net/NIC/device/features.
  std::string virtio_features = {};
  std::optional<bool> forwards_ipv4 = {};  // /proc/sys/net/ipv4/conf/NIC/forwarding
  std::optional<bool> forwards_ipv6 = {};
  bool operator==(const SurveyedLink&) const = default;
};

struct MachineSurvey {
  SystemKind kind = SystemKind::gnu_linux;
  std::string kernel = {};      // as `uname -sr` has it
  std::string system = {};      // PRETTY_NAME of os-release
  std::string product = {};     // of the machine, from its DMI tables: "QEMU Standard PC", "VMware, Inc. VMware7,1"
  std::string hypervisor = {};  // as FreeBSD's kern.vm_guest has it: "vmware", "kvm", "none"
  std::optional<bool> forwards = {};  // ip_forward, or IPv6's for all links
  std::vector<SurveyedLink> links = {};
  std::vector<std::string> upstream = {};  // the links of default routes
  bool operator==(const MachineSurvey&) const = default;
};

const SurveyedLink* find_link(const MachineSurvey& survey, const std::string& name);

// What whoever reads the answer has to know of it; none where offlab was tried on such machines.
std::vector<std::string> reservations(const MachineSurvey& survey);

}  // namespace offlab
