#include "lab/guest_starter.h"

#include <functional>

#include <fmt/core.h>

#include "base/error.h"
#include "plan/deadlines.h"

namespace offlab {
GuestStarter::GuestStarter(Hypervisor& hypervisor, NodeShell& shell, SavedGuests* saved, Observer& observer,
                           Clock& clock, std::stop_token stop, std::function<void(const std::string&)> prepare)
    : hypervisor_(hypervisor),
      shell_(shell),
      saved_(saved),
      observer_(observer),
      clock_(clock),
      stop_(std::move(stop)),
      prepare_(std::move(prepare)) {}

void GuestStarter::bring_up(const DomainSpec& spec) {
  const Clock::Time begin = clock_.now();
  const bool restored = saved_ != nullptr && restore(spec);
  if (!restored)
    boot(spec, Deadline(fmt::format("boot of {}", spec.name), spec.boot_limit.value_or(limits::boot), clock_));
  observer_.on(event::NodeReady{spec.name, Seconds(clock_.now() - begin).count(), restored});
}

bool GuestStarter::takes_end_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto attempt = attempts_.find(name);
  if (attempt == attempts_.end()) return false;
  attempt->second.request_stop();
  return true;
}

bool GuestStarter::restore(const DomainSpec& spec) {
  std::stop_source attempt;
  std::string trouble = "the guest ended";
  try {
    const auto state = saved_->find(spec);
    if (!state) return false;
    {
      const std::lock_guard lock(mutex_);
      attempts_[spec.name] = attempt;
    }
    const std::stop_callback<std::function<void()>> outer(stop_, [&] { attempt.request_stop(); });
    try_restore(spec, *state, attempt.get_token());
    const std::lock_guard lock(mutex_);
    if (!attempt.stop_requested()) {
      attempts_.erase(spec.name);
      return true;
    }
  } catch (const Interrupted&) {
  } catch (const AccessRefused&) {  // its state is sound: another key or password opens it
    if (!attempt.stop_requested()) throw;
  } catch (const std::exception& error) {
    if (!attempt.stop_requested()) trouble = error.what();
  }
  if (stop_.stop_requested()) throw Interrupted();
  hypervisor_.destroy(spec.name);
  observer_.on(event::Note{
      fmt::format("the saved state of '{}' is of no use ({}): it is removed, the guest boots", spec.name, trouble)});
  saved_->remove(spec);
  return false;
}

void GuestStarter::try_restore(const DomainSpec& spec, const SavedGuest& state, const std::stop_token& stop) {
  hypervisor_.restore(spec, state.file);
  shell_.connect(spec.name, Deadline(fmt::format("the restored guest {}", spec.name), limits::restore, clock_), stop);
}

void GuestStarter::boot(const DomainSpec& spec, const Deadline& deadline) {
  hypervisor_.start(spec);
  {
    const std::lock_guard lock(mutex_);
    attempts_.erase(spec.name);
  }
  if (spec.disk) {
    log_in(spec.name, deadline);
    if (prepare_) prepare_(spec.name);
    if (saved_ != nullptr) save(spec);
    return;
  }
  if (saved_ != nullptr) {
    shell_.await(spec.name, deadline, stop_);
    save(spec);
  }
  shell_.connect(spec.name, deadline, stop_);
}

// A system that is still booting lets nobody in but root (pam_nologin(8)), and knows a user's key a little later than
// its SSH server starts.
void GuestStarter::log_in(const std::string& name, const Deadline& deadline) {
  std::optional<Deadline> refusing;
  while (true) {
    try {
      shell_.connect(name, deadline, stop_);
      return;
    } catch (const AccessRefused&) {
      if (!refusing) refusing.emplace("the login", limits::refusing, clock_);
      if (refusing->passed() || deadline.passed()) throw;
    }
    Deadline("the next try", std::chrono::seconds(1), clock_).wait(stop_);
    if (stop_.stop_requested()) throw Interrupted();
  }
}

void GuestStarter::save(const DomainSpec& spec) {
  try {
    saved_->keep(spec, [&](const std::string& file) { hypervisor_.save(spec, file); });
  } catch (const Error& error) {
    observer_.on(event::Note{fmt::format("the state of '{}' is not saved: {}", spec.name, error.what())});
  }
}

}  // namespace offlab
