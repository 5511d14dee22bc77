// The addresses by which guests are reached: IPv6 link-local ones, and IPv4 ones of guests that have none.
#pragma once

#include <optional>
#include <string>

#include "plan/plan.h"

namespace offlab {

// fe80::.../64 made from a MAC address as EUI-64 (RFC 4291, appendix A). Throws Error when `mac` is none.
std::string link_local_address(const std::string& mac);

struct ManagementAddresses {
  IpAddress guest;
  IpAddress host;  // the lab's, on the management bridge
  int length = 0;  // of the prefix that both are in
};

// 192.0.2.0/24 (RFC 5737, for documentation): what the lab's DHCP server gives.
IpPrefix dhcp_prefix();

// Nothing for a guest that is reached by its link-local address.
std::optional<ManagementAddresses> management_addresses(const LabPlan& lab, const NodePlan& node);

}  // namespace offlab
