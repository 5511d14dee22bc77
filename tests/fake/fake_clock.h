// Time that moves by itself when it is waited for: a test of a minute takes no time, and takes the same steps each
// time.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "base/clock.h"

namespace offlab {

// Two kinds of threads wait. The lab does so by the interface; it looks on while something goes on in its world. The
// world's fakes do so with pass(): a command takes its time. Time goes to the earliest of what is waited for, world
// before lab. It stands still while nothing goes on in the world, and in pass_watched() as well until the lab waits
// again: however the threads are scheduled, a transfer of three seconds is looked at thirty times.
class FakeClock : public Clock {
 public:
  Time now() const override;
  void wait_until(Time time, const std::stop_token& stop) override;

  // The world's waits. A stop ends them. `who` is let go when the wait has begun.
  void pass(Duration duration, const std::stop_token& stop, const std::string& who = "");
  void pass_watched(Duration duration, const std::stop_token& stop, const std::string& who = "");
  // Whoever looked on has given up: from now on watched waits are as the others.
  void watch_no_longer();
  // Time stands still until each of these is let go: threads that are to begin their waits at the same moment.
  void hold(const std::string& who);
  void let_go(const std::string& who);
  // Something happens in the world then, in the thread that moves the time.
  void after(Duration duration, std::function<void()> happens);

  // Since the clock was made.
  double seconds() const;

 private:
  enum class Kind { lab, world, watched };
  struct Waiter {
    Time time;
    Kind kind;
    bool over = false;
  };

  void wait(Time time, Kind kind, const std::stop_token& stop, const std::string& who = "");
  bool may_move() const;
  void move(std::unique_lock<std::mutex>& lock);
  void move_once(std::unique_lock<std::mutex>& lock);
  void release(Waiter& waiter);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Time now_ = Time(std::chrono::hours(1));
  std::list<Waiter*> waiters_;
  std::set<std::string> held_;
  std::multimap<Time, std::function<void()>> happenings_;
  bool moving_ = false;
  bool watched_ = true;
};

}  // namespace offlab
