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

}  // namespace offlab
