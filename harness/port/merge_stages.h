// A virtual switch that merges: packets from the wire are coalesced before they reach a NIC of the device under test.
#pragma once

#include <string>

#include "base/units.h"

namespace offlab {

// wire bridge - wire port | router port - router bridge - tap. All names are the host's.
struct MergeStage {
  std::string wire_bridge;
  std::string wire_port;
  std::string router_port;
  std::string router_bridge;
  Mtu mtu;
};

class MergeStages {
 public:
  virtual ~MergeStages() = default;

  // Joins two bridges; nothing is merged yet.
  virtual void create_stage(const MergeStage& stage) = 0;
  // On: packets cross the wire port one by one and are merged behind it. Off: everything passes as it is.
  // Reads back and throws Error when the kernel did not take it.
  virtual void set_merging(const std::string& wire_port, const std::string& router_port, bool on) = 0;
};

}  // namespace offlab
