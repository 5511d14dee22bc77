#include "report/demo.h"

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"

namespace offlab {
namespace {

constexpr double times_slower = 20;

std::string rate(const std::optional<double>& bps) {
  return bps ? to_string(BitRate{*bps}) : "-";
}
std::string count(const Count& value) {
  return value ? std::to_string(*value) : "-";
}
std::string percent(const std::optional<double>& share) {
  return share ? fmt::format("{:.0f} %", *share * 100) : "-";
}
std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}
std::string wire(const LegMeasurements& leg) {
  return leg.capture ? std::to_string(leg.capture->frag_needed) : "-";
}

std::string class_text(const CaseResult& one) {
  return one.fault_class ? std::string(to_string(*one.fault_class)) : std::string(to_string(one.outcome));
}

std::string coalesced_packets(const CaseResult& one) {
  for (const auto& [name, value] : one.axes)
    if (name == "hypervisor.lro") return value == "off" ? "no" : "yes (" + value + ")";
  return "-";
}

std::string row(const char* what, const std::string& broken, const std::string& fixed) {
  return clean_format("  {:<44} {:>18} {:>18}\n", what, broken, fixed);
}

std::string table(const CaseResult& broken, const CaseResult& fixed) {
  const LegMeasurements& b = *broken.measured;
  const LegMeasurements& f = *fixed.measured;
  return row("", "BROKEN", "FIXED") +
         row("coalesced packets into the router's NICs", coalesced_packets(broken), coalesced_packets(fixed)) +
         row("goodput, server to client", rate(b.goodput_bps), rate(f.goodput_bps)) +
         row("rate into the router, headers included", rate(b.uplink_bps), rate(f.uplink_bps)) +
         row("fragmentation needed: sent by the router", count(b.frag_needed_router), count(f.frag_needed_router)) +
         row("                      seen on the wire", wire(b), wire(f)) +
         row("                      received by the server", count(b.frag_needed_sender), count(f.frag_needed_sender)) +
         row("uplink payload per acknowledged byte, in all", number(amplification(b)), number(amplification(f))) +
         row("share of the uplink's payload wasted, in all", percent(wasted_share(b)), percent(wasted_share(f))) +
         row("class", class_text(broken), class_text(fixed));
}

std::string evidence(const CaseResult& broken) {
  std::string text =
      "Captured on the tap behind the router's upstream NIC (broken); gso_size is what the frame carries outside the "
      "packet:\n\n";
  for (const EvidenceFrame& frame : evidence_of(*broken.measured->capture, Invariant::bogus_frag_needed))
    text += clean_format("  {:.6f} {}\n", frame.seconds, frame.text);
  return text;
}

constexpr const char* explanation =
    "What happened: the server's packets fit the MTU, but they reach the router coalesced: several in one frame, with "
    "DF set. The\n"
    "frame carries its segment size (gso_size) beside the packet, not in it. The router's vmxnet3 NIC has no place for "
    "that size,\n"
    "because the guest did not ask for coalesced packets (its LRO is off). To the router the frame is one packet, far "
    "longer than\n"
    "the MTU of its client side. With DF set it must drop the packet and send \"fragmentation needed\" (tcpdump: need "
    "to frag).\n"
    "The sender's packets already fit that MTU, so all it can do is retransmit, and the same happens again: TCP "
    "collapses.\n\n"
    "How it is made here: offlab has the tap behind the router's NIC accept coalesced packets that the guest did not "
    "ask for\n"
    "(hypervisor.lro = passthrough), as a hypervisor's LRO does. The server's own TSO packets stand in for what a "
    "physical NIC\n"
    "or a virtual switch would have coalesced. ESXi itself was not part of this test. A stock QEMU with a stock Linux "
    "shows the\n"
    "fault with nothing forced when guest LRO is on and the MTUs on both sides differ: "
    "topologies/vmxnet3-router.toml.\n\n"
    "The fix: switch LRO off for routed traffic on the hypervisor. On ESXi set Net.VmxnetSwLROSL, Net.Vmxnet3SwLRO,\n"
    "Net.Vmxnet3HwLRO, Net.Vmxnet2SwLRO and Net.Vmxnet2HwLRO to 0 (`esxcli system settings advanced set\n"
    "-o /Net/Vmxnet3HwLRO -i 0`, and so on) and reboot the host. On KVM: `ethtool -K TAP tso off` on the tap behind "
    "the router's\n"
    "NIC, and `ethtool -K UPLINK lro off gro off` on the physical uplink. Here the same lab carried the same traffic "
    "with that one\n"
    "setting off.\n";

// Why the demonstration failed; empty when it did not.
std::string shortcoming(const CaseResult& broken, const CaseResult& fixed) {
  const LegMeasurements& b = *broken.measured;
  const LegMeasurements& f = *fixed.measured;
  if (broken.fault_class != FaultClass::lro_orphan_storm)
    return fmt::format("the broken case was found {}, not lro-orphan-storm", class_text(broken));
  if (fixed.fault_class != FaultClass::healthy)
    return fmt::format("the fixed case was found {}, not healthy", class_text(fixed));
  if (!b.goodput_bps || !f.goodput_bps || *f.goodput_bps <= 0 || *b.goodput_bps * times_slower > *f.goodput_bps)
    return fmt::format("the broken case was less than {:.0f} times slower", times_slower);
  const std::uint64_t sent = b.frag_needed_router.value_or(0);
  if (sent == 0 || b.frag_needed_sender != sent || b.capture->frag_needed != sent)
    return "the ICMP counts of router, wire and sender differ, or are 0, in the broken case";
  if (f.frag_needed_router != 0U || f.capture->frag_needed != 0) return "the fixed case shows ICMP errors";
  return {};
}

}  // namespace

DemoReport demo_report(const CaseResult& broken, const CaseResult& fixed) {
  if (!broken.measured || !fixed.measured || !broken.measured->capture || !fixed.measured->capture)
    return {false, clean_format("The demonstration could not be judged.\n  broken: {} {}\n  fixed: {} {}\n",
                                to_string(broken.outcome), broken.reason, to_string(fixed.outcome), fixed.reason)};
  DemoReport report;
  const std::string problem = shortcoming(broken, fixed);
  report.shown = problem.empty();
  report.text = "\n" + table(broken, fixed) + "\n" + evidence(broken) + "\n";
  report.text += report.shown ? explanation : fmt::format("The demonstration FAILED: {}.\n", problem);
  return report;
}

}  // namespace offlab
