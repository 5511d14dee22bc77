#include "fake/fake_hypervisor.h"

#include <fstream>

#include "fake/recorded_guests.h"

namespace offlab {

std::optional<FakeHypervisor::Guest> FakeHypervisor::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = guests_.find(name);
  if (found == guests_.end()) return std::nullopt;
  return found->second;
}

std::size_t FakeHypervisor::running() const {
  const std::lock_guard lock(mutex_);
  return guests_.size();
}

Clock::Time FakeHypervisor::ended_at(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  return ended_.at(name);
}

void FakeHypervisor::start(const DomainSpec& spec) {
  const auto refused = refuses.find(spec.name);
  if (refused != refuses.end()) {
    clock_.let_go(spec.name);
    throw Error(refused->second);
  }
  run(spec, false);
  if (const auto end_of = ends.find(spec.name); end_of != ends.end())
    clock_.after(end_of->second.after,
                 [this, name = spec.name, how = end_of->second] { end(name, how.how, how.last_words); });
}

void FakeHypervisor::run(const DomainSpec& spec, bool restored) {
  {
    const std::lock_guard lock(mutex_);
    if (!guests_.try_emplace(spec.name, Guest{spec, restored, clock_.now()}).second)
      throw Error(fmt::format("starting domain '{}': it runs already", spec.name));
  }
  for (const DomainNic& nic : spec.nics) {
    taps_.add(nic.tap, recorded_tap(nic.model));
    if (no_header.count(nic.tap) != 0) taps_.take_header(nic.tap);
  }
  if (!spec.serial_log.empty()) std::ofstream(spec.serial_log, std::ios::trunc);
}

void FakeHypervisor::save(const DomainSpec& spec, const std::string& file) {
  const std::string& name = spec.name;
  if (!cannot_save.empty()) throw Error(cannot_save);
  const auto guest = find(name);
  if (!guest) throw Error(fmt::format("saving domain '{}': it does not run", name));
  const std::lock_guard lock(mutex_);
  saved_[file] = guest->spec;
}

void FakeHypervisor::restore(const DomainSpec& spec, const std::string& file) {
  if (!cannot_restore.empty()) throw Error(cannot_restore);
  {
    const std::lock_guard lock(mutex_);
    const auto found = saved_.find(file);
    if (found == saved_.end() || found->second.name != spec.name)
      throw Error(fmt::format("restoring domain '{}': {} has no state of it", spec.name, file));
  }
  run(spec, true);
}

void FakeHypervisor::end(const std::string& name, GuestEnd how, const std::string& last_words) {
  {
    const std::lock_guard lock(mutex_);
    const auto guest = guests_.find(name);
    if (guest == guests_.end()) return;
    if (!last_words.empty()) std::ofstream(guest->second.spec.serial_log, std::ios::app) << last_words;
    for (const DomainNic& nic : guest->second.spec.nics) taps_.remove(nic.tap);
    guests_.erase(guest);
    ended_[name] = clock_.now();
  }
  const std::lock_guard lock(listener_mutex_);
  if (listener_) listener_(name, how);
}

double FakeHypervisor::cpu_seconds(const std::string& name) {
  if (!no_cpu_time.empty()) throw Error(no_cpu_time);
  const auto guest = find(name);
  if (!guest) throw Error(fmt::format("the processor time of '{}': its process is gone", name));
  return std::chrono::duration<double>(clock_.now() - guest->since).count() / 2;
}

void FakeHypervisor::on_stopped(StopListener listener) {
  const std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

}  // namespace offlab
