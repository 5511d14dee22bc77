#include "survey/risks.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "survey/forwarding_paths.h"
#include "survey/freebsd_risks.h"
#include "survey/risk_rows.h"

namespace offlab {
namespace {

constexpr unsigned ethernet_mtu = 1500;

// <linux/virtio_net.h>
constexpr std::size_t bit_mergeable_buffers = 15;
constexpr std::array<std::size_t, 4> bits_guest_segmentation = {7, 8, 9, 10};  // TSO4, TSO6, ECN, UFO

bool is_one_of(const std::string& text, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return text == name; });
}

bool is_vmxnet3(const SurveyedLink& nic) {
  return nic.driver == "vmxnet3";
}

bool is_virtio(const SurveyedLink& nic) {
  return nic.driver == "virtio_net";
}

// Emulated NICs: a frame that does not fit their buffers is dropped, and nobody says so.
bool is_emulated(const SurveyedLink& nic) {
  return is_one_of(nic.driver, {"e1000", "e1000e", "8139cp", "8139too", "pcnet32", "ne2k-pci"});
}

// A hypervisor's own, of which it was not tried what their drivers learn of a coalesced packet.
bool is_untried(const SurveyedLink& nic) {
  return is_one_of(nic.driver, {"hv_netvsc", "xen_netfront", "vif", "ena", "gve", "vmxnet", "vmxnet2"});
}

RiskAnswer driver_not_seen() {
  return {Risk::cannot_tell, "the NIC's driver was not seen (ethtool -i)"};
}

RiskAnswer lro_not_seen() {
  return {Risk::cannot_tell, "whether LRO is on was not seen (ethtool -k)"};
}

// Of a NIC whose driver does not guess segment sizes, as vmxnet3 does with LRO on; or of which that was not seen.
std::optional<RiskAnswer> unless_guessing(const SurveyedLink& nic, const char* another_driver, const char* lro_off) {
  if (nic.driver.empty()) return driver_not_seen();
  if (!is_vmxnet3(nic)) return RiskAnswer{Risk::safe, another_driver};
  switch (lro_of(nic)) {
    case Lro::not_seen:
      return lro_not_seen();
    case Lro::on:
      return std::nullopt;
    default:
      return RiskAnswer{Risk::safe, lro_off};
  }
}

// H01, H13, H14: the hypervisor hands over coalesced packets, whatever the guest asked for.
RiskAnswer orphans(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (nic.driver.empty()) return driver_not_seen();
  if (is_vmxnet3(nic) && lro_of(nic) == Lro::on)
    return {Risk::safe,
            "LRO is on: the driver takes coalesced packets and guesses their segment size (see H02 and H03)"};
  if (is_vmxnet3(nic))
    return {Risk::depends_on_hypervisor,
            "vmxnet3 does not report the segment size of a coalesced packet to a guest whose LRO is off. If the "
            "hypervisor coalesces packets all the same, the router refuses each of them with \"fragmentation needed\", "
            "or splits it into fragments where DF is not set"};
  if (is_virtio(nic)) return {Risk::safe, "virtio reports the segment size of every coalesced packet"};
  if (is_emulated(nic)) return {Risk::safe, "an emulated NIC takes no coalesced packets (see H05)"};
  if (is_untried(nic))
    return {Risk::depends_on_hypervisor, fmt::format("how {} hands over coalesced packets was not tried", nic.driver)};
  return {Risk::safe, fmt::format("{} is not a NIC of a hypervisor that coalesces packets", nic.driver)};
}

// H02: the driver guesses the segment size from the NIC's MTU.
RiskAnswer guessed_size(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (auto answer = unless_guessing(nic, "only vmxnet3 guesses a segment size", "LRO is off"))
    return *std::move(answer);
  const auto out = smallest_mtu_out(one);
  if (!nic.mtu || !out) return {Risk::cannot_tell, "LRO is on, and the MTUs were not seen (ip link)"};
  if (*out < *nic.mtu)
    return {Risk::at_risk, fmt::format("LRO is on, and the driver takes coalesced packets to have the segment size of "
                                       "an MTU of {}. They do not fit where the MTU is {}",
                                       *nic.mtu, *out)};
  return {Risk::cannot_tell,
          fmt::format("LRO is on. The guess is right as long as all senders use segments for an MTU of {}", *nic.mtu)};
}

// H03: coalesced packets that are no longer than the MTU look like honest ones.
RiskAnswer larger_ingress(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (auto answer = unless_guessing(nic, "only vmxnet3 leaves the segment size open", "LRO is off"))
    return *std::move(answer);
  if (!nic.mtu) return {Risk::cannot_tell, "LRO is on, and the MTU was not seen (ip link)"};
  if (*nic.mtu > ethernet_mtu)
    return {Risk::at_risk, fmt::format("LRO is on, and the MTU is {}: coalesced packets of senders with a smaller MTU "
                                       "get no segment size, or a wrong one",
                                       *nic.mtu)};
  return {Risk::safe, fmt::format("the MTU is {}: no sender on Ethernet has a smaller one by itself", *nic.mtu)};
}

// H04: receivers that asked for small segments.
RiskAnswer small_mss(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (auto answer = unless_guessing(nic, "segments leave as they came", "LRO is off: segments leave as they came"))
    return *std::move(answer);
  return {Risk::cannot_tell, "LRO is on: a receiver that announced a small MSS gets larger segments"};
}

// LRO of other drivers.
RiskAnswer lro_forwarded(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (is_vmxnet3(nic)) return {Risk::safe, "see H02 and H03"};
  switch (lro_of(nic)) {
    case Lro::on:
      if (is_virtio(nic)) return {Risk::safe, "virtio's LRO keeps the segment size"};
      return {Risk::at_risk,
              "LRO is on. Linux drops coalesced packets that come without a segment size, and splits the others at the "
              "size that the driver reports"};
    case Lro::not_seen:
      return lro_not_seen();
    default:
      return {Risk::safe, "LRO is off"};
  }
}

// H05
RiskAnswer oversize(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (nic.driver.empty()) return driver_not_seen();
  if (is_emulated(nic))
    return {Risk::depends_on_hypervisor,
            fmt::format("{} drops a frame that is longer than its buffers, and counts nothing that a router reports",
                        nic.driver)};
  return {Risk::safe, "no emulated NIC"};
}

// H06
RiskAnswer small_buffers(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  if (nic.driver.empty()) return driver_not_seen();
  if (!is_virtio(nic)) return {Risk::safe, "no virtio NIC"};
  const std::string& bits = nic.virtio_features;
  if (bits.size() <= bit_mergeable_buffers)
    return {Risk::cannot_tell, "its virtio features were not seen (cat /sys/class/net/NIC/device/features)"};
  const auto has = [&](std::size_t bit) { return bits[bit] == '1'; };
  if (has(bit_mergeable_buffers)) return {Risk::safe, "it has mergeable buffers"};
  if (std::any_of(bits_guest_segmentation.begin(), bits_guest_segmentation.end(), has))
    return {Risk::safe, "it has no mergeable buffers, but buffers of 64 kB"};
  return {Risk::depends_on_hypervisor,
          "it has neither mergeable buffers nor guest TSO, so its buffers hold one MTU: QEMU drops longer frames and "
          "counts nothing"};
}

// H08
RiskAnswer no_header(const ForwardingNic& one) {
  if (one.nic->driver.empty()) return driver_not_seen();
  if (is_vmxnet3(*one.nic) || one.nic->driver == "e1000e")
    return {Risk::depends_on_hypervisor,
            "under QEMU, a tap that was made without vnet_hdr gets large frames in IP fragments, with DF set"};
  return {Risk::safe, "not with this driver"};
}

// H18
RiskAnswer comes_back(const ForwardingNic& one) {
  switch (lro_of(*one.nic)) {
    case Lro::asleep:
      return {Risk::at_risk,
              "LRO is off, but requested: it comes on when the VLAN or bridge above it goes, with the next change of "
              "any other setting"};
    case Lro::not_seen:
      return lro_not_seen();
    default:
      return {Risk::safe, "LRO is not requested while it is off"};
  }
}

const std::vector<std::string> switch_lro_off = {"ethtool -K @NIC@ lro off"};

}  // namespace

std::vector<RiskRow> risks_of(const MachineSurvey& survey) {
  if (survey.kind == SystemKind::freebsd) return freebsd_risks(survey);
  const ForwardingPaths paths = forwarding_paths(survey);
  std::vector<RiskRow> rows;
  if (auto row = forwarding_row(paths, "sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding"))
    rows.push_back(std::move(*row));
  if (paths.nics.empty()) return rows;
  const auto add = [&](const char* hazards, const char* title,
                       const std::function<RiskAnswer(const ForwardingNic&)>& ask, std::vector<std::string> prove,
                       std::vector<std::string> mend) {
    rows.push_back(risk_row(
        {.hazards = hazards, .title = title, .reasons = {}, .prove = std::move(prove), .mend = std::move(mend)}, paths,
        ask));
  };
  const std::vector<std::string> refusals = {
      "nstat -az IpFragFails Icmp6OutPktTooBigs    # before and after a download"};
  add("H01, H13, H14", "The hypervisor coalesces packets, and the guest does not learn their segment size", orphans,
      {refusals.front(),
       "on a KVM host: tcpdump -c 20 -nni TAP -Q out 'tcp and greater 1515'    # coalesced packets for the guest"},
      {"on ESXi: offlab host lro set off --host FILE    # five settings, and a reboot: docs/vmware.md",
       "on KVM: ethtool -K TAP tso off on its tap, or another NIC model: virtio reports the segment size"});
  add("H02", "The driver guesses the segment size from the MTU", guessed_size, refusals, switch_lro_off);
  add("H03", "A larger MTU on the way in than the senders have", larger_ingress, refusals, switch_lro_off);
  add("H04", "Segments larger than the receiver's MSS", small_mss,
      {"tcpdump -c 20 -nni @NIC@ 'tcp[tcpflags] & tcp-syn != 0'    # which MSS do receivers announce?"},
      switch_lro_off);
  add("H05", "Frames longer than the NIC's buffers are dropped", oversize,
      {"ethtool -S @NIC@    # before and after a download that is slow"},
      {"another NIC model: virtio, or vmxnet3 with LRO off in the hypervisor"});
  add("H06", "virtio without buffers for coalesced packets", small_buffers,
      {"cat /sys/class/net/@NIC@/device/features"},
      {"libvirt: remove mrg_rxbuf='off' from <host>, or tso4='off' and tso6='off' from <guest>"});
  if (survey.product.find("VMware") == std::string::npos)
    add("H08", "A tap without a segmentation header", no_header,
        {"on the host: ip -d link show TAP    # \"vnet_hdr on\""}, {"let libvirt make the tap"});
  add("H12", "A smaller MTU on the way out", [](const ForwardingNic& one) { return honest_discovery(one, "ip link"); },
      {}, {});
  add("H18", "LRO comes back", comes_back, {"ethtool -k @NIC@ | grep large-receive-offload"}, switch_lro_off);
  add("LRO", "LRO on a NIC that forwards", lro_forwarded, {"ethtool -k @NIC@ | grep large-receive-offload"},
      switch_lro_off);
  return rows;
}

}  // namespace offlab
