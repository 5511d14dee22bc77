// A worker's stdin: its request, and the life of whoever started it.
#pragma once

#include <string>
#include <thread>

#include "base/deadline.h"

namespace offlab {

class Lifeline {
 public:
  // Watches the descriptor from now on. When the other end closes it, this process is asked to end (SIGTERM), and ends
  // by itself after `grace`.
  Lifeline(int descriptor, std::chrono::milliseconds grace);
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

 private:
  std::jthread watcher_;
};

// The line that comes first on the descriptor, without its newline. Throws Error when it ends before, or at the
// deadline.
std::string read_request_line(int descriptor, const Deadline& deadline);

}  // namespace offlab
