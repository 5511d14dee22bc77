#include "base/clock.h"

#include <condition_variable>
#include <mutex>

namespace offlab {

void SteadyClock::wait_until(Time time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_until(lock, stop, time, [] { return false; });
}

}  // namespace offlab
