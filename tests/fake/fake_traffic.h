// What goes through the devices under test while a transfer runs.
#pragma once

#include <cstdint>
#include <mutex>

#include "base/clock.h"

namespace offlab {

class FakeTraffic {
 public:
  // Per second.
  struct Rates {
    double bytes_in = 0;
    double bytes_out = 0;
    double bogus_errors = 0;
  };

  explicit FakeTraffic(const Clock& clock) : clock_(clock), since_(clock.now()) {}

  Rates rates{12.5e6, 12.5e6, 0};  // of the next transfer

  void begin() { change(rates); }
  void end() { change({}); }
  // From now on, while the transfer goes on.
  void change(const Rates& now) {
    const std::lock_guard lock(mutex_);
    passed_ = sum();
    since_ = clock_.now();
    running_ = now;
  }

  std::uint64_t bytes_in() const { return whole(&Rates::bytes_in); }
  std::uint64_t bytes_out() const { return whole(&Rates::bytes_out); }
  std::uint64_t bogus_errors() const { return whole(&Rates::bogus_errors); }

 private:
  Rates sum() const {
    const double seconds = std::chrono::duration<double>(clock_.now() - since_).count();
    return {passed_.bytes_in + running_.bytes_in * seconds, passed_.bytes_out + running_.bytes_out * seconds,
            passed_.bogus_errors + running_.bogus_errors * seconds};
  }
  std::uint64_t whole(double Rates::*one) const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::uint64_t>(sum().*one);
  }

  const Clock& clock_;
  mutable std::mutex mutex_;
  Clock::Time since_;
  Rates running_;
  Rates passed_{1e6, 2e6, 0};  // counters do not begin at 0
};

}  // namespace offlab
