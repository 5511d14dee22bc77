#include "verdict/diagnosis.h"

#include <fmt/format.h>

#include "base/units.h"
#include "verdict/classify.h"
#include "verdict/fault_layer.h"
#include "verdict/other_sender.h"

namespace offlab {
namespace {

// Broadcom KB 318877 names the ESXi settings.
const std::vector<Remedy>& stop_merging() {
  static const std::vector<Remedy> remedies = {
      {"KVM",
       "keep coalesced packets away from the NIC: ethtool -K TAP tso off on its tap (again after each start of the VM, "
       "and after its guest has switched LRO; ethtool -k shows it), and ethtool -K NIC gro off lro off rx-gro-hw "
       "off on the host's physical NIC"},
      {"ESXi",
       "esxcli system settings advanced set -i 0 -o SETTING, for each of /Net/VmxnetSwLROSL, /Net/Vmxnet3SwLRO, "
       "/Net/Vmxnet3HwLRO, /Net/Vmxnet2SwLRO and /Net/Vmxnet2HwLRO; then reboot the host (VMware's texts disagree on "
       "whether a power cycle of the VM is enough)"},
      {"router", "on KVM, another NIC model: virtio hands the guest the segment size of a coalesced packet"},
      {"guest",
       "ethtool -K NIC lro off, for every NIC that forwards, and again after each MTU change or reboot. Where LRO is "
       "off already, packets are coalesced below the guest, and only the other fixes help"},
  };
  return remedies;
}

Diagnosis healthy() {
  return {"Every packet left the router as it came in, or the sender obeyed an honest \"fragmentation needed\" error.",
          "",
          {},
          ""};
}

Diagnosis orphan_storm() {
  return {
      "A layer below the guest (LRO of the hypervisor, or TSO passed through) coalesced the sender's packets, and the "
      "router's NIC handed the coalesced packet up without its segment size. To IP it is one packet of several "
      "thousand bytes that may not be fragmented (IPv4 with DF, IPv6). The router drops it and sends \"fragmentation "
      "needed\" (IPv6: \"packet too big\") to a sender whose packets already have the right size.",
      "FragFails and OutType3 (IPv6: Ip6InTooBigErrors and Icmp6OutPktTooBigs) grow by one for each coalesced packet. "
      "The sender has nothing left to obey, so it "
      "retransmits. Packets that are retransmitted one at a time get through: the flow crawls, and the uplink carries "
      "the same data again and again. Where retransmissions are coalesced as well, nothing gets through.",
      stop_merging(), ""};
}

Diagnosis guessed_size() {
  return {
      "The router's driver has LRO on, and its NIC does not report the segment size of a coalesced packet. The driver "
      "guesses: the MTU of the receiving NIC, less headers. Packets of that size do not fit the smaller MTU on the way "
      "out.",
      "FragFails grows although every packet on the wire fits: what the router refuses is longer than the ingress MTU. "
      "With equal MTUs on both sides the guess is right, and nothing shows.",
      {{"guest", "ethtool -K NIC lro off, for every NIC that forwards"},
       {"guest", "the same MTU on both sides hides the fault, until a tunnel or PPPoE makes one of them smaller"},
       {"router", "on KVM, another NIC model: virtio hands the guest the segment size"}},
      ""};
}

Diagnosis refragmentation() {
  return {
      "Coalesced packets reach the router without a segment size, as in lro-orphan-storm, but the sender does not set "
      "DF. The router splits them into IP fragments, and the receiver reassembles them.",
      "FragOKs and FragCreates of the router and ReasmReqds of the receiver grow; no error is sent. One lost fragment "
      "costs the whole coalesced packet, and firewalls may drop fragments.",
      stop_merging(), ""};
}

Diagnosis fragmented_tunnel() {
  return {
      "The router's tunnel has an MTU that is too large for the path below the tunnel: the outer packets are split "
      "into IP fragments. No packet was coalesced, and the sender gets no error.",
      "FragOKs and FragCreates of the router that sends into the tunnel grow. One lost fragment costs the whole inner "
      "packet, and firewalls and cloud networks may drop fragments.",
      {{"router",
        "ip link set TUNNEL mtu ...: the MTU of the path below, less 50 bytes for VXLAN and Geneve over IPv4 (70 over "
        "IPv6), 24 for GRE, 20 for IPIP and 6in4"},
       {"router", "clamp the MSS: nft add rule ... tcp flags syn tcp option maxseg size set rt mtu"},
       {"network", "or a larger MTU on the path below the tunnel"}},
      ""};
}

Diagnosis fragmented_below_the_smallest() {
  return {
      "The path MTU is smaller than the smallest one that the sender believes (Linux: net.ipv4.route.min_pmtu, 552 "
      "bytes). The sender sends packets of that size without DF, and the router splits them into fragments.",
      "The router sent honest errors first; then FragCreates grows.",
      {{"network", "a larger MTU on the path"},
       {"router", "clamp the MSS: nft add rule ... tcp flags syn tcp option maxseg size set rt mtu"}},
      ""};
}

Diagnosis size_drop() {
  return {
      "The router, or its NIC, drops frames above some size and sends no error.",
      "No refused packet, no ICMP error. Look at the NIC's own counters (rx_long_length_errors, drv dropped, pkts rx "
      "err). Where only coalesced packets are dropped, packets that are retransmitted one at a time get through.",
      {{"guest", "an MTU on the receiving NIC as large as the frames that it is handed, or another NIC model"},
       {"KVM",
        "no coalesced packets for this NIC: ethtool -K TAP tso off on its tap; or for virtio mergeable buffers "
        "(<driver><host mrg_rxbuf='on'/></driver>)"},
       {"ESXi", "LRO off, as for lro-orphan-storm"},
       {"router",
        "is there a rule that drops or polices by size (nft length, tc police mtu)? Remove it, or let it answer with "
        "ICMP"}},
      ""};
}

Diagnosis drop_of_merged_inside() {
  return {
      "Packets that come close behind each other are lost, single packets pass. The router's kernel coalesces the "
      "former (GRO), and then something in the router drops the coalesced packet. NIC and hypervisor are not at fault.",
      "No refused packet, no ICMP error. The counter of a rule, a policer or a queue in the router grows.",
      {{"router",
        "nft list ruleset, iptables -L -v: a rule that drops by length (meta length, -m length)? It sees coalesced "
        "packets: allow for their length (65535), or match before GRO (nft's ingress hook is too late: the NIC's GRO "
        "comes first)"},
       {"router", "tc -s filter show dev NIC ingress: a policer? Give it a burst of at least 64 kB, or use a shaper"},
       {"guest", "ethtool -K NIC gro off rx-gro-hw off proves it, at the price of throughput"}},
      ""};
}

Diagnosis resegmentation() {
  return {
      "The router splits coalesced packets at another segment size than the sender's: the packets fit the MTU, but not "
      "the MSS that the receiver announced.",
      "No counter grows, and throughput is fine. Receivers with small buffers and stateful firewalls drop such "
      "packets.",
      {{"guest", "ethtool -K NIC lro off, for every NIC that forwards"}},
      ""};
}

Diagnosis checksum_leak() {
  return {
      "Packets leave the router with a checksum that was never filled in: a NIC or a virtual switch left that to the "
      "next one, which has no such offload.",
      "The receiver's InCsumErrors grows and nothing is acknowledged; captures on the sender look right, because the "
      "checksum is filled in later.",
      {{"guest", "ethtool -K NIC tx off on the sender's or the router's NIC"},
       {"KVM", "<host csum='off'/> of the NIC that leaks"}},
      ""};
}

Diagnosis legit_pmtud() {
  return {
      "Path MTU discovery works: the first packets were too long for the path, the router sent \"fragmentation "
      "needed\", and the sender obeyed.",
      "A few refused packets at the beginning of a connection, then none.",
      {},
      ""};
}

Diagnosis blackhole() {
  return {
      "The router refuses packets that are too long, and its \"fragmentation needed\" errors do not reach the sender: "
      "a path MTU black hole.",
      "FragFails of the router grows, InType3 of the sender does not (IPv6: Ip6InTooBigErrors and Icmp6InPktTooBigs).",
      {{"network", "let ICMP 3/4 and ICMPv6 type 2 pass, on the router and on the way back"},
       {"router", "clamp the MSS: nft add rule ... tcp flags syn tcp option maxseg size set rt mtu"}},
      ""};
}

Diagnosis packet_loss() {
  return {
      "The router loses packets of all sizes, and sends no error. TCP retransmits them and slows down.",
      "Packets came to the router and did not leave it. Its counters may name the queue, rule or NIC that dropped them "
      "(tc -s qdisc, ethtool -S, nft with counters).",
      {{"router",
        "tc -s qdisc show, tc -s filter show dev NIC ingress, ethtool -S NIC, nft list ruleset: find the counter that "
        "grows with the loss"},
       {"router", "larger receive rings (ethtool -G NIC rx ...), another CPU for the NIC's interrupts, a faster CPU"},
       {"router", "is it a policer? Give it a burst of a few hundred kilobytes, or put a shaper in its place"}},
      ""};
}

Diagnosis reordering() {
  return {
      "Packets overtake each other in the router. TCP takes the late ones for lost, retransmits them, and slows down.",
      "Frames left the router behind data that came in after them.",
      {{"router",
        "is a bond in mode balance-rr, or a multipath route by packet? Use one that keeps a flow on one link (layer3+4 "
        "hashes)"},
       {"router", "do several CPUs work on one flow (RPS, XPS, several tunnel threads)? Keep each flow on one CPU"}},
      ""};
}

// A tunnel's header makes a packet a little longer than the MTU; an orphan is several times as long.
bool is_cut_in_two(const LegMeasurements& leg) {
  return leg.capture->superframes == 0 || (leg.frag_oks && leg.frag_creates && *leg.frag_creates <= 2 * *leg.frag_oks);
}

bool is_table_full(const LegMeasurements& leg) {
  return std::any_of(leg.kernel_complaints.begin(), leg.kernel_complaints.end(),
                     [](const std::string& line) { return line.find("table full") != std::string::npos; });
}

Diagnosis full_table() {
  return {
      "No TCP connection can be set up through the router: its connection table is full. New connections are dropped, "
      "and so are new pings.",
      "The kernel logs \"nf_conntrack: table full, dropping packet\"; conntrack -S counts drop.",
      {{"router",
        "sysctl net.netfilter.nf_conntrack_count against nf_conntrack_max: a larger table, or fewer connections "
        "(conntrack -L: who has them?)"},
       {"router",
        "shorter timeouts (nf_conntrack_tcp_timeout_established is five days), or traffic that needs no tracking left "
        "out of it (notrack)"}},
      ""};
}

Diagnosis no_connection() {
  return {"No TCP connection can be set up through the router.",
          "SYN or SYN, ACK segments come to the router and do not leave it.",
          {{"router", "nft list ruleset, iptables -L -v: which rule drops TCP, or takes connections for invalid?"},
           {"router",
            "sysctl net.netfilter.nf_conntrack_max and nf_conntrack_count: is the table full? The kernel logs that"},
           {"guest", "ethtool -K NIC rx off tx off: are packets dropped because of their checksums?"}},
          ""};
}

Diagnosis connection_reset() {
  return {"The router ends connections that are in use: it sends an RST that neither sender nor receiver sent.",
          "The RST leaves the router on one side and never came in on the other.",
          {{"router",
            "nft list ruleset: a rule with 'reject with tcp reset'? Does connection tracking take packets for invalid "
            "(nf_conntrack_tcp_be_liberal)?"},
           {"router", "is it a proxy or a load balancer with a limit on time or bytes?"}},
          ""};
}

Diagnosis unknown() {
  return {"An invariant is violated, and no known fault looks like that.",
          "All that is known are the violated invariants and their frames above.",
          {{"router",
            "compare with a transfer while LRO is off everywhere (in a run: the control). What differs is the cause"}},
          ""};
}

// The hypervisor of a machine that exists is as it is.
std::string what_control_has(const CaseResult& result) {
  return result.measured && !result.measured->has_taps ? "LRO off in the guest"
                                                       : "LRO off in the guest and on the hypervisor";
}

// What a case of a run differs in from its control, if that was healthy.
Diagnosis unknown(const CaseResult& result) {
  Diagnosis diagnosis = unknown();
  if (result.reason.rfind(control_is_bad, 0) == 0) {
    diagnosis.what += fmt::format(" The control, with {}, is not healthy either.", what_control_has(result));
    diagnosis.remedies = {{"router",
                           "look for a cause that the case and its control share. It is not LRO; it may be GRO or TSO, "
                           "which the control leaves as they are"}};
    return diagnosis;
  }
  std::vector<std::string> settings;
  for (const auto& [key, value] : result.axes) settings.push_back(fmt::format("{}={}", key, value));
  if (settings.empty()) return diagnosis;
  diagnosis.what += fmt::format(" The control, with {}, is healthy.", what_control_has(result));
  diagnosis.remedies = {
      {"router", fmt::format("the case sets {}: take them back one by one, and see which of them causes the violation",
                             fmt::join(settings, ", "))}};
  return diagnosis;
}

// In a lab the capture points are the taps: the one where the refused packets came in.
std::vector<Remedy> with_names(std::vector<Remedy> remedies, const LegMeasurements& leg) {
  const auto& frames =
      leg.capture ? evidence_of(*leg.capture, Invariant::bogus_frag_needed) : std::vector<EvidenceFrame>();
  if (frames.empty() || !leg.has_taps) return remedies;
  const std::string place = "-K TAP tso off on its tap";
  for (Remedy& remedy : remedies)
    if (const auto at = remedy.action.find(place); at != std::string::npos)
      remedy.action.replace(at, place.size(), fmt::format("-K {} tso off on its tap", frames.front().point));
  return remedies;
}

// The packets that were lost or refused fitted: they were coalesced ones.
bool is_about_coalesced(const LegMeasurements& leg) {
  if (!leg.capture) return false;
  if (leg.capture->bogus > 0) return true;
  const auto [single, coalesced] = totals_of(leg.capture->forwarding.passages);
  return coalesced.lost > 0 && 2 * coalesced.lost > coalesced.sent && 20 * single.lost <= single.sent;
}

// The router's errors are on the link to the sender, which does not count them.
bool ends_at_the_sender(const LegMeasurements& leg) {
  constexpr double nearly_all = 0.8;
  return leg.capture && leg.frag_needed_router && *leg.frag_needed_router > 0 &&
         static_cast<double>(leg.capture->frag_needed) >= nearly_all * static_cast<double>(*leg.frag_needed_router);
}

std::string numbers_of_errors(const LegMeasurements& leg) {
  const auto number = [](const Count& count) { return count ? fmt::format("{}", *count) : std::string("?"); };
  return fmt::format(
      "In this run: {} packets refused, {} errors sent by the router, {} of them seen between router and sender, {} "
      "counted by the sender.",
      number(leg.frag_fails), number(leg.frag_needed_router), leg.capture ? leg.capture->frag_needed : 0,
      number(leg.frag_needed_sender));
}

// Who lost the errors.
Diagnosis blackhole_of(const LegMeasurements& leg) {
  Diagnosis diagnosis = blackhole();
  diagnosis.counters += " " + numbers_of_errors(leg);
  if (!ends_at_the_sender(leg)) return diagnosis;
  diagnosis.what =
      "The router refuses packets that are too long, and its errors are on the link to the sender, but the sender does "
      "not count them. A rule of the sender drops them (a host firewall, a security group), or a device next to it "
      "does.";
  diagnosis.remedies = {
      {"sender", "nft list ruleset, iptables -L INPUT: let ICMP 3/4 and ICMPv6 type 2 in"},
      {"sender", "sysctl -w net.ipv4.tcp_mtu_probing=1: TCP then finds the path MTU without errors, after a stall"},
      {"router", "clamp the MSS: nft add rule ... tcp flags syn tcp option maxseg size set rt mtu"}};
  return diagnosis;
}

// An MSS clamp changes what the sender sends, not what is coalesced on the way.
Diagnosis blackhole_of_coalesced() {
  Diagnosis diagnosis = blackhole();
  diagnosis.what =
      "The router refuses packets that fit on the wire, because something below it coalesces them. Its errors do not "
      "reach the sender, which could not obey them anyway. Stop the coalescing first; an MSS clamp does not help "
      "against it.";
  const std::vector<Remedy> errors = {diagnosis.remedies.front()};
  diagnosis.remedies = stop_merging();
  diagnosis.remedies.insert(diagnosis.remedies.end(), errors.begin(), errors.end());
  return diagnosis;
}

Diagnosis starved_by_another(const LegMeasurements& leg) {
  return {
      "The flow's own packets left the router as they came in. The flow starves because another sender fills the "
      "uplink that both share: that sender's packets reach the router coalesced and without their segment size, the "
      "router refuses them (the fault is lro-orphan-storm there), and the sender answers each error by sending its "
      "whole window again.",
      fmt::format("In this run: {}.", words_about_other_sender(leg)), stop_merging(), ""};
}

// What merging does to the goodput. Empty where one of both is not known.
std::string cost_of(const CaseResult& result) {
  if (!result.measured || !result.control) return {};
  const auto& with = result.measured->goodput_bps;
  const auto& without = result.control->goodput_bps;
  if (!with || !without || *without <= 0) return {};
  return fmt::format("In this run: {} as it is, {} with {} (the control).", to_string(BitRate{*with}),
                     to_string(BitRate{*without}), what_control_has(result));
}

}  // namespace

Diagnosis diagnose(FaultClass fault, const LegMeasurements* leg) {
  switch (fault) {
    case FaultClass::healthy:
      return healthy();
    case FaultClass::lro_orphan_storm:
      return orphan_storm();
    case FaultClass::wrong_gso_size:
      return guessed_size();
    case FaultClass::silent_refragmentation:
      if (leg != nullptr && leg->capture) {
        if (leg->capture->egress_tunneled > 0 && is_cut_in_two(*leg)) return fragmented_tunnel();
        if (leg->capture->superframes == 0 && leg->capture->honest > 0) return fragmented_below_the_smallest();
      }
      return refragmentation();
    case FaultClass::silent_size_drop:
      if (leg != nullptr && drops_merged_inside(*leg)) return drop_of_merged_inside();
      return size_drop();
    case FaultClass::resegmentation:
      return resegmentation();
    case FaultClass::checksum_leak:
      return checksum_leak();
    case FaultClass::legit_pmtud:
      return legit_pmtud();
    case FaultClass::pmtud_blackhole:
      if (leg == nullptr) return blackhole();
      return is_about_coalesced(*leg) ? blackhole_of_coalesced() : blackhole_of(*leg);
    case FaultClass::packet_loss:
      return packet_loss();
    case FaultClass::reordering:
      return reordering();
    case FaultClass::no_connection:
      return leg != nullptr && is_table_full(*leg) ? full_table() : no_connection();
    case FaultClass::connection_reset:
      return connection_reset();
    case FaultClass::unknown:
      return unknown();
  }
  return unknown();
}

Diagnosis diagnose(const CaseResult& result) {
  const FaultClass fault = result.fault_class.value_or(FaultClass::unknown);
  const LegMeasurements* leg = result.measured ? &*result.measured : nullptr;
  const bool starved = fault == FaultClass::unknown && leg != nullptr && is_filled_by_another(*leg);
  Diagnosis diagnosis = starved                        ? starved_by_another(*leg)
                        : fault == FaultClass::unknown ? unknown(result)
                                                       : diagnose(fault, leg);
  if (leg != nullptr) diagnosis.remedies = with_names(std::move(diagnosis.remedies), *leg);
  if (!diagnosis.remedies.empty()) diagnosis.cost = cost_of(result);
  diagnosis.layer = starved ? FaultLayer::hypervisor : layer_of(fault, leg);
  return diagnosis;
}

}  // namespace offlab
