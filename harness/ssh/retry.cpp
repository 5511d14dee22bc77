#include "ssh/retry.h"

#include <condition_variable>
#include <mutex>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {

using std::chrono::milliseconds;

void check(const Deadline& deadline, const std::stop_token& stop, const std::string& reason) {
  try {
    deadline.check(stop);
  } catch (const Error& error) {
    throw reason.empty() ? error : Error(fmt::format("{}: {}", error.what(), reason), error.remedy());
  }
}

void wait_to_retry(milliseconds time, const Deadline& deadline, const std::stop_token& stop,
                   const std::string& reason) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  const milliseconds past_deadline = deadline.left() + milliseconds(1);
  wake.wait_for(lock, stop, std::min(time, past_deadline), [] { return false; });
  check(deadline, stop, reason);
}

}  // namespace offlab
