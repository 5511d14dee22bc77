#include "process/stop_signals.h"

#include <ctime>

namespace offlab {

StopSignals::StopSignals(std::initializer_list<int> signals) {
  sigemptyset(&set_);
  for (const int signal : signals) sigaddset(&set_, signal);
  pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  waiter_ = std::jthread([this](const std::stop_token& ending) {
    const timespec slice{0, 100'000'000};
    while (!ending.stop_requested())
      if (sigtimedwait(&set_, nullptr, &slice) > 0) stop_.request_stop();
  });
}

StopSignals::~StopSignals() {
  waiter_.request_stop();
  waiter_.join();
}

}  // namespace offlab
