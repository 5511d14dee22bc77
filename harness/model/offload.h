// Offload settings: guest features by their ethtool names, and the hypervisor's large receive offload.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

// How the hypervisor treats traffic on its way to the device under test.
//   off          nothing is forced: the tap keeps what the guest negotiated
//   passthrough  the tap accepts the sender's TSO frames whole, whether or not the guest asked for that
//   merge        wire-sized packets are merged before the router, as a virtual switch with LRO does
enum class HypervisorLro { off, passthrough, merge };
// What a merge stage does with frames on their way from the wire to a NIC. pass: nothing. split: they cross the wire as
// the packets they stand for. merge: likewise, and are merged behind it.
enum class StageMode { pass, split, merge };
// Whose merged frames the tap accepts.
enum class LroFamilies { both, ipv4, ipv6 };

std::string_view to_string(HypervisorLro lro);
std::optional<HypervisorLro> parse_hypervisor_lro(std::string_view text);
std::string_view to_string(LroFamilies families);
std::optional<LroFamilies> parse_lro_families(std::string_view text);

// libvirt's names of virtio's offloads, for <host> and <guest>. Source: https://libvirt.org/formatdomain.html
const std::vector<std::string>& virtio_host_offloads();
const std::vector<std::string>& virtio_guest_offloads();

// "lro" and "large-receive-offload" both give "large-receive-offload", the name in `ethtool --json -k`.
// Nothing when no Linux 6.1 feature has that name. Source: ethtool 6.1 off_flag_def[], Linux 6.1 net/ethtool/common.c.
std::optional<std::string> canonical_feature(std::string_view name);
// "large-receive-offload" gives "lro": the word that `ethtool -K` and our case ids use.
std::string short_feature(std::string_view canonical);
// Every accepted spelling, for hints.
const std::vector<std::string>& feature_names();

inline constexpr std::string_view feature_lro = "large-receive-offload";

}  // namespace offlab
