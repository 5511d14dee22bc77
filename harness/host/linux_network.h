// HostNetwork on this host's kernel, in the calling process's network namespace. It never acts on another one.
#pragma once

#include "port/host_network.h"

namespace offlab {

class LinuxNetwork : public HostNetwork {
 public:
  void create_bridge(const std::string& name, Mtu mtu, bool reachable) override;
  TapState tap_state(const std::string& tap) override;
  TapSample sample(const std::string& tap) override;
  void set_offload_word(const std::string& tap, OffloadWord word) override;
  std::unique_ptr<Capture> start_capture(const std::vector<CaptureRequest>& requests) override;
};

}  // namespace offlab
