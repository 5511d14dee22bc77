#include "ssh/session_pool.h"

#include <fmt/core.h>

#include "ssh/sudo.h"

namespace offlab {

void SessionPool::connect(const Deadline& deadline, const std::stop_token& stop) {
  auto fresh = std::make_unique<SshSession>(target_, deadline, stop);
  if (target_.sudo) check_sudo(*fresh, deadline, stop);
  std::vector<Session> old;
  const std::lock_guard lock(mutex_);
  old.swap(idle_);
  ++connection_;
  state_ = State::connected;
  count_ = 1;
  idle_.push_back(std::move(fresh));
  change_.notify_all();
}

CommandEnd SessionPool::use(const Deadline& deadline, const std::stop_token& stop,
                            const std::function<CommandEnd(SshSession&)>& action) {
  Taken taken = take(deadline, stop);
  struct GiveBack {
    SessionPool& pool;
    Taken& taken;
    ~GiveBack() { pool.give_back(std::move(taken)); }
  } const give_back{*this, taken};
  CommandEnd end = action(*taken.session);
  taken.ended = true;
  return end;
}

SessionPool::Taken SessionPool::take(const Deadline& deadline, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const auto decided = [&] { return state_ != State::connected || !idle_.empty() || count_ < most_sessions; };
  while (!change_.wait_for(lock, stop, deadline.left(), decided))
    with_frame(fmt::format("{} commands run already", most_sessions), [&] { deadline.check(stop); });
  if (state_ == State::never_connected) throw Error("not connected");
  if (state_ == State::lost) throw Error(fmt::format("the connection was lost before: {}", why_lost_));
  const unsigned connection = connection_;
  if (!idle_.empty()) {
    Session session = std::move(idle_.back());
    idle_.pop_back();
    return {std::move(session), connection, false};
  }
  ++count_;
  lock.unlock();
  try {
    return {std::make_unique<SshSession>(target_, deadline, stop), connection, false};
  } catch (...) {
    lock.lock();
    if (connection == connection_) --count_;
    change_.notify_all();
    throw;
  }
}

void SessionPool::give_back(Taken taken) {
  std::vector<Session> ended;  // without the lock
  const std::lock_guard lock(mutex_);
  if (taken.connection != connection_) return;
  const bool is_connected = taken.session->is_connected();
  if (state_ == State::connected && is_connected && taken.ended) {
    idle_.push_back(std::move(taken.session));
  } else if (state_ == State::connected && is_connected) {
    --count_;
    ended.push_back(std::move(taken.session));
  } else {
    if (state_ != State::lost) why_lost_ = taken.session->why_lost();
    state_ = State::lost;
    --count_;
    ended.swap(idle_);
    count_ -= ended.size();
  }
  change_.notify_all();
}

}  // namespace offlab
