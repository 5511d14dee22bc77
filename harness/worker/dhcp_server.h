// dnsmasq on a lab's management bridge, for guests that get their address by DHCP.
#pragma once

#include <thread>

#include "plan/plan.h"

namespace offlab {

class DhcpServer {
 public:
  // Serves the guests of the lab that need it; nothing is started where none does. It waits for the bridge itself.
  explicit DhcpServer(const LabPlan& lab);

 private:
  std::jthread thread_;  // ends the program
};

// Each guest always gets the same address, without a router or a name server behind it.
std::vector<std::string> dhcp_arguments(const LabPlan& lab);

}  // namespace offlab
