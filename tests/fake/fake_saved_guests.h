// Saved guests in a map.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/error.h"
#include "port/saved_guests.h"

namespace offlab {

class FakeSavedGuests : public SavedGuests {
 public:
  std::map<std::string, std::string> files;  // guest -> the file of its state
  std::string damaged;                       // why no state can be found
  std::string full;                          // why none can be kept

  std::optional<SavedGuest> find(const DomainSpec& spec) override {
    const std::lock_guard lock(mutex_);
    if (!damaged.empty()) throw Error(damaged);
    const auto found = files.find(spec.name);
    if (found == files.end()) return std::nullopt;
    return SavedGuest{found->second, nullptr};
  }
  void remove(const DomainSpec& spec) override {
    const std::lock_guard lock(mutex_);
    files.erase(spec.name);
  }
  void keep(const DomainSpec& spec, const std::function<void(const std::string& file)>& write) override {
    if (!full.empty()) throw Error(full);
    const std::string file = spec.name + ".state";
    write(file);
    const std::lock_guard lock(mutex_);
    files[spec.name] = file;
  }

 private:
  std::mutex mutex_;
};

}  // namespace offlab
