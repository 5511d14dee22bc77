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

Pipe make_wide_pipe() {
  Pipe pipe = make_pipe();
  fcntl(pipe.read.get(), F_SETPIPE_SZ, 1 << 20);
  return pipe;
}

}  // namespace offlab
