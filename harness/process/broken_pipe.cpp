#include "process/broken_pipe.h"

#include <ctime>

namespace offlab {

BrokenPipeIsAnError::BrokenPipeIsAnError() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}

BrokenPipeIsAnError::~BrokenPipeIsAnError() {
  const timespec now{};
  while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace offlab
