// `offlab up --foreground`: a lab that ends with the process that started it.
#pragma once

#include <string>

#include <offlab/options.h>
#include <sys/types.h>

#include "base/handle.h"

namespace offlab::library {

class ForegroundLab {
  // Asked to end, and waited for, with its owner.
  struct Process {
    pid_t number = -1;
    Process() = default;
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    ~Process();
  };

 public:
  // The lab of the first case of the topology file that matches, by that name. Returns when it is up. `log` gets what
  // the program says meanwhile. Throws Failure when it does not come up.
  ForegroundLab(const Options& options, const std::string& topology, const std::string& cases, const std::string& name,
                const std::string& log);
  const std::string& name() const { return name_; }

 private:
  bool is_up();

  std::string name_;
  std::string said_;
  UniqueFd output_;
  Process process_;
};

}  // namespace offlab::library
