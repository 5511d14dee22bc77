// What is done to the traffic of a NIC from below the guest, as a hypervisor's LRO does it.
#pragma once

#include <string>

#include "model/offload.h"

namespace offlab {

// The offload word of a tap (linux/if_tun.h TUN_F_*): what the host may hand to the guest unsegmented.
struct OffloadWord {
  bool checksum = false;
  bool tso4 = false;
  bool tso6 = false;
  bool operator==(const OffloadWord&) const = default;
};

class Injection {
 public:
  virtual ~Injection() = default;

  // Sets the word on the descriptor that QEMU holds. What the guest does later may set it again. Throws Error.
  virtual void set_offload_word(const std::string& tap, OffloadWord word) = 0;
  // Of a merge stage. Reads back and throws Error when the kernel did not take it.
  virtual void set_merging(const std::string& wire_port, const std::string& router_port, StageMode mode) = 0;
};

}  // namespace offlab
