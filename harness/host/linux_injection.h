// Injection on this host's kernel, in the calling process's network and PID namespaces.
#pragma once

#include "port/injection.h"

namespace offlab {

class LinuxInjection : public Injection {
 public:
  void set_offload_word(const std::string& tap, OffloadWord word) override;
  void set_merging(const std::string& wire_port, const std::string& router_port, StageMode mode) override;
};

}  // namespace offlab
