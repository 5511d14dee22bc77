#include "measure/node_counters.h"

#include <fmt/core.h>

namespace offlab {
namespace {

class Reader {
 public:
  Reader(const NodeCounters& before, const NodeCounters& after, LegMeasurements& leg)
      : before_(before), after_(after), leg_(leg) {}

  Count grown(const std::string& node, const std::string& name) {
    const Count count = growth(of(before_, node), of(after_, node), name);
    if (!count) leg_.missing.push_back(fmt::format("{} of {}", name, node));
    return count;
  }

  // Of all routers of a device together.
  Count grown(const std::vector<std::string>& routers, const std::string& name) {
    std::uint64_t sum = 0;
    for (const std::string& router : routers) {
      const Count count = grown(router, name);
      if (!count) return std::nullopt;
      sum += *count;
    }
    return sum;
  }

 private:
  static const Counters& of(const NodeCounters& nodes, const std::string& node) {
    static const Counters none;
    const auto found = nodes.find(node);
    return found == nodes.end() ? none : found->second;
  }

  const NodeCounters& before_;
  const NodeCounters& after_;
  LegMeasurements& leg_;
};

// ICMP errors about too big packets that all routers of the way sent.
Count frag_needed_of_path(const LegIntent& intent, Reader& counters, const std::string& name) {
  std::uint64_t sum = 0;
  for (const HopIntent& hop : intent.hops) {
    const Count sent = counters.grown(routers_of(hop), name);
    if (!sent) return std::nullopt;
    sum += *sent;
  }
  return sum;
}

}  // namespace

void read_counters(const LegIntent& intent, const HopIntent& hop, const NodeCounters& before, const NodeCounters& after,
                   LegMeasurements& leg) {
  const bool v4 = intent.flow.family == Family::ipv4;
  const char* errors_sent = v4 ? "IcmpMsg.OutType3" : "Icmp6OutPktTooBigs";
  const std::vector<std::string> router = routers_of(hop);
  const std::string& sender = intent.flow.from;
  const std::string& receiver = intent.flow.to;
  Reader counters(before, after, leg);
  // Linux counts a packet longer than the device's MTU as Ip6InTooBigErrors and as Ip6FragFails, one longer than its
  // route's MTU as Ip6FragFails only (net/ipv6/ip6_output.c).
  leg.frag_fails = counters.grown(router, v4 ? "Ip.FragFails" : "Ip6FragFails");
  leg.frag_needed_router = counters.grown(router, errors_sent);
  leg.frag_needed_sender = counters.grown(sender, v4 ? "IcmpMsg.InType3" : "Icmp6InPktTooBigs");
  if (intent.hops.size() > 1) leg.frag_needed_path = frag_needed_of_path(intent, counters, errors_sent);
  leg.frag_oks = counters.grown(router, v4 ? "Ip.FragOKs" : "Ip6FragOKs");
  leg.frag_creates = counters.grown(router, v4 ? "Ip.FragCreates" : "Ip6FragCreates");
  leg.reassembly_requests = counters.grown(receiver, v4 ? "Ip.ReasmReqds" : "Ip6ReasmReqds");
  leg.retransmitted_segments = counters.grown(sender, "Tcp.RetransSegs");
  leg.sent_segments = counters.grown(sender, "Tcp.OutSegs");
  leg.checksum_errors = counters.grown(receiver, "Tcp.InCsumErrors");
  // Not in every reading of /proc/net/snmp; without it nothing is missing for the verdict.
  if (before.count(receiver) != 0 && after.count(receiver) != 0)
    leg.dropped_by_receiver = growth(before.at(receiver), after.at(receiver), "TcpExt.TCPRcvQDrop");
}

}  // namespace offlab
