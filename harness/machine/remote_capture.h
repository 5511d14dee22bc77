// Captures on other machines: tcpdump there, its frames over SSH as they pass.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/units.h"
#include "family/guest_family.h"
#include "port/node_shell.h"
#include "port/observation.h"

namespace offlab {

// A NIC of an existing machine, and where its frames are seen.
struct RemoteNic {
  std::string tap;                            // its name in the plan
  std::string node;                           // the machine that it belongs to
  std::string device;                         // what that machine calls it
  std::string captured_on;                    // for NodeShell: the machine itself, or the host that carries it
  std::string captured_as;                    // the interface there
  SystemKind system = SystemKind::gnu_linux;  // of the machine
  Mtu mtu = {};                               // of the NIC
  bool by_pktcap = false;                     // the host is an ESXi host
  bool operator==(const RemoteNic&) const = default;
};

// What tcpdump is asked for: frames of these TCP ports, IP fragments and ICMP; nothing else that a router carries.
// `tagged`: the same inside of VLAN tags, which a host below a machine sees.
std::string capture_filter(const std::vector<std::uint16_t>& ports, bool tagged);
// Ends with its stdin, and after `longest` in any case. `family`: of what tcpdump runs on.
std::string capture_script(const GuestFamily& family, const std::string& interface, std::uint32_t snap_length,
                           const std::string& filter, std::chrono::seconds longest);
// "12 packets dropped by kernel": 12. Nothing where tcpdump did not say.
std::optional<std::uint64_t> dropped_by_kernel(const std::string& errors);

struct RemoteCaptureOptions {
  std::vector<std::uint16_t> ports;  // of the flows
  std::chrono::seconds longest;
};

// Frames are on their way when this returns. Times are brought to this machine's clock. Throws Error that names machine
// and remedy where tcpdump cannot be used.
std::unique_ptr<Capture> start_remote_capture(NodeShell& shell, Clock& clock,
                                              const std::vector<CaptureRequest>& requests,
                                              const std::vector<RemoteNic>& nics, const RemoteCaptureOptions& options);

}  // namespace offlab
