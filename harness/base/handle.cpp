#include "base/handle.h"

#include <unistd.h>

namespace offlab {

void UniqueFd::reset(int fd) {
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
}

}  // namespace offlab
