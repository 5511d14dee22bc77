// The time that waits go by.
#pragma once

#include <chrono>
#include <stop_token>

namespace offlab {

class Clock {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  virtual ~Clock() = default;
  virtual Time now() const = 0;
  // Returns at `time`, or as soon as a stop is asked for.
  virtual void wait_until(Time time, const std::stop_token& stop) = 0;
};

// The machine's own, which nobody can set.
class SteadyClock : public Clock {
 public:
  Time now() const override { return std::chrono::steady_clock::now(); }
  void wait_until(Time time, const std::stop_token& stop) override;
};

}  // namespace offlab
