#include "fake/fake_clock.h"

#include <algorithm>
#include <stdexcept>

namespace offlab {
namespace {

// By the machine's clock. A test that gets here waits for what never comes.
constexpr auto longest_wait = std::chrono::seconds(20);

}  // namespace

Clock::Time FakeClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

double FakeClock::seconds() const {
  return std::chrono::duration<double>(now() - Time(std::chrono::hours(1))).count();
}

void FakeClock::wait_until(Time time, const std::stop_token& stop) {
  wait(time, Kind::lab, stop);
}

void FakeClock::pass(Duration duration, const std::stop_token& stop, const std::string& who) {
  wait(now() + duration, Kind::world, stop, who);
}

void FakeClock::pass_watched(Duration duration, const std::stop_token& stop, const std::string& who) {
  wait(now() + duration, Kind::watched, stop, who);
}

void FakeClock::watch_no_longer() {
  std::unique_lock lock(mutex_);
  watched_ = false;
  move(lock);
}

void FakeClock::hold(const std::string& who) {
  const std::lock_guard lock(mutex_);
  held_.insert(who);
}

void FakeClock::let_go(const std::string& who) {
  std::unique_lock lock(mutex_);
  if (held_.erase(who) != 0) move(lock);
}

void FakeClock::after(Duration duration, std::function<void()> happens) {
  std::unique_lock lock(mutex_);
  happenings_.emplace(now_ + duration, std::move(happens));
  move(lock);
}

void FakeClock::wait(Time time, Kind kind, const std::stop_token& stop, const std::string& who) {
  Waiter self{time, kind};
  // In the thread that asks for the stop: what it waits for next finds this wait over.
  const std::stop_callback<std::function<void()>> stopped(stop, [&] {
    const std::lock_guard lock(mutex_);
    release(self);
  });
  std::unique_lock lock(mutex_);
  held_.erase(who);
  if (!self.over && time > now_)
    waiters_.push_back(&self);
  else
    self.over = true;
  move(lock);
  if (!wake_.wait_for(lock, longest_wait, [&] { return self.over; }))
    throw std::logic_error("the fake clock stands still: nothing goes on that could end this wait");
}

void FakeClock::release(Waiter& waiter) {
  waiter.over = true;
  waiters_.remove(&waiter);
  wake_.notify_all();
}

bool FakeClock::may_move() const {
  if (!held_.empty()) return false;
  const auto waits = [&](Kind kind) {
    return std::any_of(waiters_.begin(), waiters_.end(), [&](const Waiter* one) { return one->kind == kind; });
  };
  if (waits(Kind::world) || (waits(Kind::watched) && !watched_)) return true;
  return waits(Kind::lab) && (waits(Kind::watched) || !happenings_.empty());
}

void FakeClock::move(std::unique_lock<std::mutex>& lock) {
  if (moving_) return;
  moving_ = true;
  while (may_move()) move_once(lock);
  moving_ = false;
}

void FakeClock::move_once(std::unique_lock<std::mutex>& lock) {
  const auto first = std::min_element(waiters_.begin(), waiters_.end(), [](const Waiter* one, const Waiter* other) {
    return one->time < other->time || (one->time == other->time && one->kind != Kind::lab && other->kind == Kind::lab);
  });
  const auto happening = happenings_.begin();
  if (happening != happenings_.end() && happening->first <= (*first)->time) {
    now_ = std::max(now_, happening->first);
    const auto happens = std::move(happening->second);
    happenings_.erase(happening);
    lock.unlock();
    happens();
    lock.lock();
    return;
  }
  now_ = std::max(now_, (*first)->time);
  release(**first);
}

}  // namespace offlab
