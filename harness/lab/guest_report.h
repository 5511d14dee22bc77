// What a guest with a system of its own says of itself, and where that is not what the topology file says.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace offlab {

struct GuestReport {
  struct Nic {
    std::string mac;
    unsigned mtu = 0;
    bool up = false;
    std::vector<std::string> addresses;  // "203.0.113.1/24"
  };
  std::string system;                // "Linux 6.1.0-47-amd64", behind it what the distribution calls itself
  std::map<std::string, Nic> nics;   // by the guest's names
  std::vector<std::string> missing;  // programs
  std::string ipv4_forwarding;       // "0", "1"
  std::string ipv6_forwarding;
};

// What GuestFamily::report_script() printed.
GuestReport parse_guest_report(const std::string& text);

struct Difference {
  std::string what;
  std::string remedy;
};

// Of the guest's NICs and programs: what no configuration can change.
std::vector<Difference> missing_in(const GuestReport& report, const NodePlan& node);
// Of its configuration, where offlab leaves that to the guest (NodePlan::expected).
std::vector<Difference> differences(const GuestReport& report, const NodePlan& node);

}  // namespace offlab
