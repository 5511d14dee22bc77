// A host that serves runs from elsewhere is one owner's at a time. The lock is a file in the cache folder; it says who
// has it and until when, and each holder renews it. Several processes of the same owner hold it together.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>

namespace offlab {

class HostLock {
 public:
  using Now = std::function<std::chrono::system_clock::time_point()>;

  // How long it holds after the last sign of life of its holders.
  static constexpr std::chrono::seconds lifetime{60};

  // Throws Error that names the owner and the time when another one has it.
  HostLock(std::filesystem::path cache, std::string owner, Now now = std::chrono::system_clock::now);
  HostLock(const HostLock&) = delete;
  HostLock& operator=(const HostLock&) = delete;
  // Free as soon as the last holder is gone.
  ~HostLock();

  // Throws Error when it was lost to another owner: nobody renewed it in time.
  void renew();

 private:
  void hold();

  std::filesystem::path cache_;
  std::string owner_;
  Now now_;
};

}  // namespace offlab
