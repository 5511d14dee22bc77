// A process of this host, by its number and the moment it started: the kernel gives numbers out again.
#pragma once

#include <cstdint>

#include <sys/types.h>

#include "base/handle.h"

namespace offlab {

struct ProcessId {
  pid_t number = -1;
  std::uint64_t started = 0;  // clock ticks since boot, as /proc/PID/stat has it; 0: not known
  bool operator==(const ProcessId&) const = default;
};

// Of a process that exists; `started` is 0 when there is none of that number.
ProcessId process_id(pid_t number);

// A descriptor of the process itself (pidfd_open(2)); none when it has ended, or when its start is not known.
UniqueFd open_process(const ProcessId& process);

}  // namespace offlab
