// Fabric on this host's kernel, in the calling process's network namespace. It never acts on another one. A merge stage
// is a veth pair: the receiving end does GRO once its peer neither segments late nor carries GSO frames.
#pragma once

#include "port/fabric.h"

namespace offlab {

class LinuxFabric : public Fabric {
 public:
  void create_bridge(const std::string& name, Mtu mtu, bool reachable) override;
  void add_address(const std::string& bridge, const std::string& address) override;
  void create_stage(const MergeStage& stage) override;
  void move_port(const std::string& tap, const std::string& bridge) override;
};

}  // namespace offlab
