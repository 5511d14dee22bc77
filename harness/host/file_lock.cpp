#include "host/file_lock.h"

#include <condition_variable>
#include <mutex>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include "base/error.h"

namespace offlab {

FileLock::FileLock(const std::filesystem::path& file, const Deadline& deadline, const std::stop_token& stop)
    : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (!file_) throw system_error(fmt::format("opening {}", file.string()));
  std::mutex mutex;
  std::condition_variable_any wake;
  while (flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    deadline.check(stop);
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
  }
}

}  // namespace offlab
