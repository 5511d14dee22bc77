#include "worker/dhcp_server.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "plan/management.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

constexpr auto longest_life = std::chrono::hours(24 * 365);

bool asks_dhcp(const NodePlan& node) {
  return node.disk && node.disk->management.from == AddressFrom::dhcp;
}

}  // namespace

std::vector<std::string> dhcp_arguments(const LabPlan& lab) {
  std::vector<std::string> words = {"dnsmasq",
                                    "--keep-in-foreground",
                                    "--conf-file=/dev/null",
                                    "--no-resolv",
                                    "--no-hosts",
                                    "--port=0",
                                    "--user=root",
                                    "--interface=mgmt",
                                    "--except-interface=lo",
                                    "--bind-dynamic",
                                    "--pid-file",
                                    "--leasefile-ro",
                                    "--dhcp-authoritative",
                                    "--dhcp-option=3",
                                    "--dhcp-option=6",
                                    fmt::format("--dhcp-range={},static,infinite", to_string(dhcp_prefix().address))};
  for (const NodePlan& node : lab.nodes)
    if (asks_dhcp(node))
      words.push_back(fmt::format("--dhcp-host={},{},infinite", node.management_mac,
                                  to_string(management_addresses(lab, node)->guest)));
  return words;
}

DhcpServer::DhcpServer(const LabPlan& lab) {
  if (std::none_of(lab.nodes.begin(), lab.nodes.end(), asks_dhcp)) return;
  thread_ = std::jthread([words = dhcp_arguments(lab)](const std::stop_token& stop) {
    try {
      run_program(words, Deadline("dnsmasq", longest_life), stop);
    } catch (const std::exception&) {
      // A guest that gets no address is told by its name.
    }
  });
}

}  // namespace offlab
