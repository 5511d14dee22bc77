// How the library asks the offlab program.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <offlab/export.h>

namespace offlab {
inline namespace v0 {

struct Options {
  // The offlab program. Empty: $OFFLAB_PROGRAM, the one that is installed with this library, or the one in PATH.
  std::string program = {};
  std::string accelerator = "auto";    // "kvm", "tcg"
  std::string runs = "runs";           // run folders are made in it
  bool cold = false;                   // boots every guest; neither uses nor saves their states
  std::string memory_wait = "30m";     // so long a Lab waits for memory that other labs hold
  std::vector<std::string> more = {};  // further options of `offlab run`: {"--retries", "1"}
  // What the program says while it works, line by line.
  std::function<void(const std::string&)> progress = {};
};

// There is no result: something is wrong with the topology (`status` 2), or the lab or the machine cannot do what is
// asked (3). what() has all that offlab says about it, remedies included.
class OFFLAB_API Failure : public std::runtime_error {
 public:
  Failure(const std::string& message, int status) : std::runtime_error(message), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

}  // namespace v0
}  // namespace offlab
