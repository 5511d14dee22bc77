#include "measure/kernel_log.h"

#include <array>
#include <sstream>
#include <string_view>

namespace offlab {
namespace {

// Source: Linux net/netfilter/nf_conntrack_core.c, net/core/dev.c, net/core/skbuff.c, drivers/net/virtio_net.c,
// lib/bug.c. The last two: FreeBSD sys/netpfil/pf/pf.c, sys/kern/kern_mbuf.c.
constexpr std::array<std::string_view, 10> bad_words = {
    "table full, dropping packet",
    "cannot be forwarded while LRO",
    "failed to disable LRO",
    "bad gso",
    "bad csum",
    "hw csum failure",
    "skb_warn_bad_offload",
    "kernel BUG",
    "PF states limit reached",
    "kern.ipc.nmbclusters limit reached",
};

bool is_complaint(std::string_view line) {
  for (const std::string_view word : bad_words)
    if (line.find(word) != std::string_view::npos) return true;
  const auto bug = line.find("BUG: ");
  if (bug != std::string_view::npos && (bug == 0 || line[bug - 1] == ' ')) return true;
  return line.find("WARNING: ") != std::string_view::npos && line.find(" net/") != std::string_view::npos;
}

}  // namespace

std::vector<std::string> kernel_complaints(const std::string& log) {
  std::vector<std::string> complaints;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);)
    if (is_complaint(line)) complaints.push_back(line);
  return complaints;
}

}  // namespace offlab
