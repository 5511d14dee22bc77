#include "process/pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/error.h"

namespace offlab {

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw system_error("making a pipe");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

}  // namespace offlab
