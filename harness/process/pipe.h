// A pipe, closed on exec.
#pragma once

#include "base/handle.h"

namespace offlab {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

// Throws Error.
Pipe make_pipe();

// For megabytes: it holds 1 MiB where the kernel allows that (fs.pipe-max-size, F_SETPIPE_SZ in fcntl(2)) instead of
// 64 KiB. ssh that writes to the small one takes four times the processor time.
Pipe make_wide_pipe();

}  // namespace offlab
