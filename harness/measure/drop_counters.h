// What a router's kernel counted as dropped between two snapshots: by queues (tc -s qdisc), by policers and filters
// (tc -s filter), by rules that count (nft, iptables), by connection tracking, by the receive backlog, and by place in
// the kernel (the tracepoint skb:kfree_skb, which names the function and, from Linux 5.17 on, the reason).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/measurement.h"

namespace offlab {

// Of the sections of its snapshots (snapshot_script.h). The one that counted most comes first. Counters that one of the
// snapshots does not have are left out.
std::vector<DropCounter> grown_drops(const std::map<std::string, std::string>& before,
                                     const std::map<std::string, std::string>& after);

}  // namespace offlab
