#include "model/offload.h"

#include <algorithm>
#include <array>
#include <utility>

namespace offlab {
namespace {

// ethtool's short words for `-K` and the names it prints with `-k`.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> legacy_names = {{
    {"rx", "rx-checksumming"},
    {"tx", "tx-checksumming"},
    {"sg", "scatter-gather"},
    {"tso", "tcp-segmentation-offload"},
    {"gso", "generic-segmentation-offload"},
    {"gro", "generic-receive-offload"},
    {"lro", "large-receive-offload"},
    {"rxvlan", "rx-vlan-offload"},
    {"txvlan", "tx-vlan-offload"},
    {"ntuple", "ntuple-filters"},
    {"rxhash", "receive-hashing"},
}};

// The kernel's own feature strings, less those that the legacy names stand for.
constexpr std::array<std::string_view, 53> kernel_names = {
    "tx-scatter-gather",
    "tx-checksum-ipv4",
    "tx-checksum-ip-generic",
    "tx-checksum-ipv6",
    "highdma",
    "tx-scatter-gather-fraglist",
    "tx-vlan-stag-hw-insert",
    "rx-vlan-stag-hw-parse",
    "rx-vlan-stag-filter",
    "rx-vlan-filter",
    "vlan-challenged",
    "tx-lockless",
    "netns-local",
    "rx-gro-hw",
    "tx-tcp-segmentation",
    "tx-gso-robust",
    "tx-tcp-ecn-segmentation",
    "tx-tcp-mangleid-segmentation",
    "tx-tcp6-segmentation",
    "tx-fcoe-segmentation",
    "tx-gre-segmentation",
    "tx-gre-csum-segmentation",
    "tx-ipxip4-segmentation",
    "tx-ipxip6-segmentation",
    "tx-udp_tnl-segmentation",
    "tx-udp_tnl-csum-segmentation",
    "tx-gso-partial",
    "tx-tunnel-remcsum-segmentation",
    "tx-sctp-segmentation",
    "tx-esp-segmentation",
    "tx-udp-segmentation",
    "tx-gso-list",
    "fcoe-mtu",
    "tx-checksum-sctp",
    "tx-checksum-fcoe-crc",
    "loopback",
    "rx-fcs",
    "rx-all",
    "tx-nocache-copy",
    "l2-fwd-offload",
    "hw-tc-offload",
    "esp-hw-offload",
    "esp-tx-csum-hw-offload",
    "rx-udp_tunnel-port-offload",
    "tls-hw-tx-offload",
    "tls-hw-rx-offload",
    "tls-hw-record",
    "rx-gro-list",
    "macsec-hw-offload",
    "rx-udp-gro-forwarding",
    "hsr-tag-ins-offload",
    "hsr-tag-rm-offload",
    "hsr-fwd-offload",
};

}  // namespace

std::string_view to_string(HypervisorLro lro) {
  switch (lro) {
    case HypervisorLro::off:
      return "off";
    case HypervisorLro::passthrough:
      return "passthrough";
    case HypervisorLro::merge:
      return "merge";
  }
  return "?";
}

std::string_view to_string(LroFamilies families) {
  switch (families) {
    case LroFamilies::both:
      return "both";
    case LroFamilies::ipv4:
      return "ipv4";
    case LroFamilies::ipv6:
      return "ipv6";
  }
  return "?";
}

std::optional<LroFamilies> parse_lro_families(std::string_view text) {
  for (const LroFamilies families : {LroFamilies::both, LroFamilies::ipv4, LroFamilies::ipv6})
    if (to_string(families) == text) return families;
  return std::nullopt;
}

const std::vector<std::string>& virtio_host_offloads() {
  static const std::vector<std::string> names = {"csum", "gso", "tso4", "tso6", "ecn", "ufo", "mrg_rxbuf"};
  return names;
}

const std::vector<std::string>& virtio_guest_offloads() {
  static const std::vector<std::string> names = {"csum", "tso4", "tso6", "ecn", "ufo"};
  return names;
}

std::optional<HypervisorLro> parse_hypervisor_lro(std::string_view text) {
  for (const auto lro : {HypervisorLro::off, HypervisorLro::passthrough, HypervisorLro::merge})
    if (to_string(lro) == text) return lro;
  return std::nullopt;
}

std::optional<std::string> canonical_feature(std::string_view name) {
  for (const auto& [word, printed] : legacy_names)
    if (name == word || name == printed) return std::string(printed);
  if (std::find(kernel_names.begin(), kernel_names.end(), name) != kernel_names.end()) return std::string(name);
  return std::nullopt;
}

std::string short_feature(std::string_view canonical) {
  for (const auto& [word, printed] : legacy_names)
    if (canonical == printed) return std::string(word);
  return std::string(canonical);
}

const std::vector<std::string>& feature_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [word, printed] : legacy_names) {
      all.emplace_back(word);
      all.emplace_back(printed);
    }
    all.insert(all.end(), kernel_names.begin(), kernel_names.end());
    return all;
  }();
  return names;
}

}  // namespace offlab
