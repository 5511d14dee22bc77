// Guests whose state was saved once, to be started again without a boot.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "port/hypervisor.h"

namespace offlab {

struct SavedGuest {
  std::string file;                  // for Hypervisor::restore
  std::shared_ptr<const void> held;  // nobody removes the file while this lives
};

class SavedGuests {
 public:
  virtual ~SavedGuests() = default;

  // The state of a guest of this description; nothing when there is none. Throws Error when it is damaged.
  virtual std::optional<SavedGuest> find(const DomainSpec& spec) = 0;
  // Forgets a state that is of no use. One that another lab restores at the moment stays.
  virtual void remove(const DomainSpec& spec) = 0;
  // Keeps what `write` puts into the file that it is given; nothing when another lab is doing so. Throws Error, and
  // keeps nothing, when there is too little space or `write` throws.
  virtual void keep(const DomainSpec& spec, const std::function<void(const std::string& file)>& write) = 0;
};

}  // namespace offlab
