// Load beside a transfer: a sender in one guest and a sink in another, from a start to an end.
#pragma once

#include <memory>
#include <stop_token>

#include "lab/guest_program.h"
#include "model/observation.h"
#include "plan/step.h"
#include "port/node_shell.h"

namespace offlab {

class BackgroundLoad {
 public:
  // Returns when all connections are up. Throws Error when they do not come up.
  BackgroundLoad(NodeShell& shell, Clock& clock, const step::StartBackground& start, const std::stop_token& stop);
  BackgroundLoad(const BackgroundLoad&) = delete;
  BackgroundLoad& operator=(const BackgroundLoad&) = delete;
  ~BackgroundLoad();  // ends it

  // Ends it, and gives what its ends told. Throws Interrupted when a stop was asked for.
  BackgroundOutput end(const std::stop_token& stop);

 private:
  bool is_iperf3_ = false;
  bool sender_connects_ = false;
  std::unique_ptr<GuestProgram> listener_;
  std::unique_ptr<GuestProgram> initiator_;
};

}  // namespace offlab
