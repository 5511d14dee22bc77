// While it lives, this thread's write to a pipe that nobody reads any more is an error, not a signal.
#pragma once

#include <csignal>

namespace offlab {

class BrokenPipeIsAnError {
 public:
  BrokenPipeIsAnError();
  BrokenPipeIsAnError(const BrokenPipeIsAnError&) = delete;
  BrokenPipeIsAnError& operator=(const BrokenPipeIsAnError&) = delete;
  ~BrokenPipeIsAnError();

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

}  // namespace offlab
