// Signals that ask the program to end, as a stop token.
#pragma once

#include <csignal>
#include <initializer_list>
#include <stop_token>
#include <thread>

namespace offlab {

// Blocks the signals in the calling thread and all that it starts afterwards; a thread of its own waits for them.
class StopSignals {
 public:
  explicit StopSignals(std::initializer_list<int> signals);
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  std::stop_token token() const { return stop_.get_token(); }
  bool asked() const { return stop_.stop_requested(); }

 private:
  sigset_t set_;
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace offlab
