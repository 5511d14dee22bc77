#include "survey/freebsd_risks.h"

#include <algorithm>

#include <fmt/format.h>

#include "survey/risk_rows.h"

namespace offlab {
namespace {

bool is_driver_of(const SurveyedLink& nic, std::initializer_list<const char*> names) {
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return nic.driver == name; });
}

// A domain of libvirt names the models as Linux' drivers are called.
bool is_vmx(const SurveyedLink& nic) {
  return is_driver_of(nic, {"vmx", "vmxnet3"});
}

bool is_vtnet(const SurveyedLink& nic) {
  return is_driver_of(nic, {"vtnet", "virtio_net"});
}

// A hypervisor's own, of which it was not tried what their drivers make of a coalesced packet.
bool is_untried(const SurveyedLink& nic) {
  return is_driver_of(nic, {"hn", "xn", "ena", "gve", "mana", "ptnet"});
}

// They drive real NICs, and those that hypervisors emulate: e1000 and e1000e, igb, rtl8139, pcnet.
bool may_be_emulated(const SurveyedLink& nic) {
  return is_driver_of(nic, {"em", "lem", "igb", "re", "rl", "le", "e1000", "e1000e", "8139cp"});
}

bool is_real(const SurveyedLink& nic) {
  return is_driver_of(nic, {"igc",  "ix",  "ixv", "ixl",  "iavf", "ice",   "mlxen", "mce", "bxe", "bnxt", "bce", "bge",
                            "cxgb", "cxl", "cc",  "mxge", "oce",  "sfxge", "qlnxe", "rge", "msk", "axp",  "ax",  "aq"});
}

// Nobody but FreeBSD merges for them.
bool has_lro_of_freebsd(const SurveyedLink& nic) {
  return is_driver_of(nic, {"em", "lem", "igb", "igc", "ix", "ixv", "ixl", "iavf", "ice"});
}

RiskAnswer driver_not_seen() {
  return {Risk::cannot_tell, "the NIC's driver was not seen, its name does not say it (ifconfig -v)"};
}

RiskAnswer not_known(const SurveyedLink& nic) {
  return {Risk::cannot_tell, fmt::format("offlab does not know the driver {}", nic.driver)};
}

RiskAnswer lro_forwarded(const ForwardingNic& one) {
  const SurveyedLink& nic = *one.nic;
  switch (lro_of(nic)) {
    case Lro::not_seen:
      return {Risk::cannot_tell, "whether LRO is on was not seen (options= of ifconfig)"};
    case Lro::on:
      break;
    default:
      return {Risk::safe, "LRO is off"};
  }
  if (has_lro_of_freebsd(nic))
    return {Risk::cannot_tell,
            "LRO is on. It is FreeBSD's own, which by its sources coalesces nothing while the machine forwards. That "
            "was not tried, and a router has no use for it"};
  if (is_vtnet(nic))
    return {Risk::at_risk,
            "LRO is on, and FreeBSD leaves it on when forwarding begins. With hw.vtnet.lro_disable=0 the hypervisor "
            "hands over coalesced packets, which FreeBSD cannot split again. Those with DF set it drops, and sends "
            "\"fragmentation needed\""};
  return {Risk::at_risk,
          "LRO is on, and FreeBSD leaves it on when forwarding begins. Packets that the NIC or the hypervisor "
          "coalesced cannot be split again. FreeBSD drops those with DF set, and sends \"fragmentation needed\""};
}

// H01, H13, H14: the hypervisor hands over coalesced packets, whatever the guest asked for.
RiskAnswer orphans(const ForwardingNic& one, const std::string& hypervisor) {
  const SurveyedLink& nic = *one.nic;
  if (hypervisor == "none") return {Risk::safe, "no hypervisor is below it (kern.vm_guest)"};
  if (nic.driver.empty()) return driver_not_seen();
  const bool is_paravirtual = is_vmx(nic) || is_vtnet(nic) || is_untried(nic);
  if (is_paravirtual && lro_of(nic) == Lro::on) return {Risk::safe, "LRO is on: see the row LRO"};
  if (is_vmx(nic))
    return {Risk::depends_on_hypervisor,
            "vmx is vmxnet3, which does not report the segment size of a coalesced packet to a guest whose LRO is off. "
            "If the hypervisor coalesces packets all the same, the router can only refuse each of them, or split it "
            "into fragments where DF is not set"};
  if (is_vtnet(nic))
    return {Risk::depends_on_hypervisor,
            "with LRO off vtnet asks for no coalesced packets. What it does with one that comes all the same was not "
            "tried"};
  if (is_untried(nic))
    return {Risk::depends_on_hypervisor, fmt::format("how {} hands over coalesced packets was not tried", nic.driver)};
  if (may_be_emulated(nic))
    return {Risk::cannot_tell,
            fmt::format("whether {} is a real NIC or an emulated one was not seen (see H05)", nic.driver)};
  if (is_real(nic))
    return {Risk::safe, fmt::format("{} is not a NIC of a hypervisor that coalesces packets", nic.driver)};
  return not_known(nic);
}

// H05
RiskAnswer oversize(const ForwardingNic& one, const std::string& hypervisor) {
  const SurveyedLink& nic = *one.nic;
  if (hypervisor == "none") return {Risk::safe, "no hypervisor is below it (kern.vm_guest)"};
  if (nic.driver.empty()) return driver_not_seen();
  if (may_be_emulated(nic))
    return {Risk::cannot_tell,
            fmt::format("{} drives real NICs and emulated ones, which drop frames that are longer than their buffers",
                        nic.driver)};
  if (is_vmx(nic) || is_vtnet(nic) || is_untried(nic) || is_real(nic)) return {Risk::safe, "no emulated NIC"};
  return not_known(nic);
}

// H18
RiskAnswer comes_back(const ForwardingNic& one, const MachineSurvey& survey) {
  switch (lro_of(*one.nic)) {
    case Lro::not_seen:
      return {Risk::cannot_tell, "whether LRO is on was not seen (options= of ifconfig)"};
    case Lro::on:
      return {Risk::safe, "LRO is on: see the row LRO"};
    default:
      break;
  }
  const SurveyedLink* master = one.nic->master.empty() ? nullptr : find_link(survey, one.nic->master);
  if (master != nullptr && master->kind == "bridge")
    return {Risk::cannot_tell,
            fmt::format("{} takes LRO from its ports, and gives it back to one that had it when the port leaves",
                        master->name)};
  return {Risk::safe, "LRO is off, and no bridge took it away"};
}

const std::vector<std::string> switch_lro_off = {
    "ifconfig @NIC@ -lro    # until the next boot",
    "FreeBSD, to keep it: -lro at the end of ifconfig_@NIC@=\"...\" in /etc/rc.conf",
    "pfSense: System > Advanced > Networking: \"Disable hardware large receive offload\"",
    "OPNsense: Interfaces > Settings: \"Disable hardware large receive offload\""};

}  // namespace

std::vector<RiskRow> freebsd_risks(const MachineSurvey& survey) {
  const ForwardingPaths paths = forwarding_paths(survey);
  std::vector<RiskRow> rows;
  if (auto row = forwarding_row(paths, "sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding"))
    rows.push_back(std::move(*row));
  if (paths.nics.empty()) return rows;
  const std::string refusals =
      "netstat -s -p ip | grep \"can't be fragmented\"    # before and after a download; also -p ip6";
  std::vector<std::string> prove_lro = {"ifconfig @NIC@    # LRO in options=", refusals};
  if (std::any_of(paths.nics.begin(), paths.nics.end(), [](const ForwardingNic& one) { return is_vtnet(*one.nic); }))
    prove_lro.emplace_back("sysctl hw.vtnet.lro_disable    # 0: the hypervisor coalesces packets, 1: FreeBSD does");
  rows.push_back(risk_row(
      {.hazards = "H01, H13, H14",
       .title = "The hypervisor coalesces packets, and the guest does not learn their segment size",
       .prove = {"tcpdump -c 20 -nni @NIC@ 'tcp and greater 1515'    # during a download: coalesced packets", refusals},
       .mend = {"on ESXi: offlab host lro set off --host FILE    # five settings, and a reboot: docs/vmware.md"}},
      paths, [&](const ForwardingNic& one) { return orphans(one, survey.hypervisor); }));
  rows.push_back(
      risk_row({.hazards = "H05",
                .title = "Frames longer than the NIC's buffers are dropped",
                .prove = {"sysctl kern.vm_guest    # none: the NIC is a real one",
                          "netstat -I @NIC@ -d    # Ierrs and Idrop, before and after a download that is slow"},
                .mend = {"in a virtual machine: a NIC of the hypervisor's own, virtio or vmxnet3"}},
               paths, [&](const ForwardingNic& one) { return oversize(one, survey.hypervisor); }));
  rows.push_back(risk_row({.hazards = "H12", .title = "A smaller MTU on the way out"}, paths,
                          [](const ForwardingNic& one) { return honest_discovery(one, "ifconfig"); }));
  rows.push_back(risk_row({.hazards = "H18",
                           .title = "LRO comes back",
                           .prove = {"ifconfig @NIC@    # LRO in options=, once it has left the bridge"},
                           .mend = switch_lro_off},
                          paths, [&](const ForwardingNic& one) { return comes_back(one, survey); }));
  rows.push_back(
      risk_row({.hazards = "LRO", .title = "LRO on a NIC that forwards", .prove = prove_lro, .mend = switch_lro_off},
               paths, lro_forwarded));
  return rows;
}

}  // namespace offlab
