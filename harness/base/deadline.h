// Every wait has a deadline and a name; both appear in the message when it runs out.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace offlab {

using Seconds = std::chrono::duration<double>;

class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // `name` says what is waited for: "ssh on router".
  Deadline(std::string name, Clock::duration limit);

  const std::string& name() const { return name_; }
  bool passed() const { return Clock::now() >= end_; }
  // Zero when passed.
  std::chrono::milliseconds left() const;
  // The time left, at most `slice`: for waits that also look at a stop token.
  std::chrono::milliseconds left(std::chrono::milliseconds slice) const;
  // Throws Error "NAME: no answer within N s" when passed, Interrupted when a stop was asked for.
  void check(const std::stop_token& stop) const;

 private:
  std::string name_;
  Clock::duration limit_;
  Clock::time_point end_;
};

}  // namespace offlab
