// Every wait has a deadline and a name; both appear in the message when it runs out.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "base/clock.h"

namespace offlab {

using Seconds = std::chrono::duration<double>;

class Deadline {
 public:
  // `name` says what is waited for: "ssh on router". By the machine's clock.
  Deadline(std::string name, Clock::Duration limit);
  // By another one, which outlives it.
  Deadline(std::string name, Clock::Duration limit, Clock& clock);

  const std::string& name() const { return name_; }
  bool passed() const { return clock_->now() >= end_; }
  // Zero when passed.
  std::chrono::milliseconds left() const;
  // The time left, at most `slice`: for waits that also look at a stop token.
  std::chrono::milliseconds left(std::chrono::milliseconds slice) const;
  // Throws Error "NAME: no answer within N s" when passed, Interrupted when a stop was asked for.
  void check(const std::stop_token& stop) const;
  // Returns when it has passed, or as soon as a stop is asked for.
  void wait(const std::stop_token& stop) const { clock_->wait_until(end_, stop); }

 private:
  std::string name_;
  Clock::Duration limit_;
  Clock* clock_;
  Clock::Time end_;
};

}  // namespace offlab
