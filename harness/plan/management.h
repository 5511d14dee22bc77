// The IPv4 addresses by which guests are reached that have no IPv6 link-local address.
#pragma once

#include <optional>
#include <string>

#include "plan/plan.h"

namespace offlab {

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
