// Brings guests to the point where they answer: from their saved state where there is one, by a boot otherwise.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "port/hypervisor.h"
#include "port/node_shell.h"
#include "port/observer.h"
#include "port/saved_guests.h"

namespace offlab {

class GuestStarter {
 public:
  // `saved`: null to boot every guest, and to save none.
  // `prepare`: what a guest needs that booted a disk, before it is saved.
  GuestStarter(Hypervisor& hypervisor, NodeShell& shell, SavedGuests* saved, Observer& observer, Clock& clock,
               std::stop_token stop, std::function<void(const std::string& node)> prepare = nullptr);

  // Returns when commands can be run in the guest. A guest that was booted is saved before anybody logs in, one with a
  // disk when it is prepared. Throws Error when it does not come up within limits::boot, or its own limit. Called for
  // several guests at once.
  void bring_up(const DomainSpec& spec);

  // A guest ended. True when that only ends the attempt to restore it, after which it is booted.
  bool takes_end_of(const std::string& name);

 private:
  bool restore(const DomainSpec& spec);
  void try_restore(const DomainSpec& spec, const SavedGuest& state, const std::stop_token& stop);
  void boot(const DomainSpec& spec, const Deadline& deadline);
  void log_in(const std::string& name, const Deadline& deadline);
  void save(const DomainSpec& spec);

  Hypervisor& hypervisor_;
  NodeShell& shell_;
  SavedGuests* saved_;
  Observer& observer_;
  Clock& clock_;
  std::stop_token stop_;
  std::function<void(const std::string&)> prepare_;
  std::mutex mutex_;
  std::map<std::string, std::stop_source> attempts_;  // guests that are being restored, and until they boot instead
};

}  // namespace offlab
