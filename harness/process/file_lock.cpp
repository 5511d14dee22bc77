#include "process/file_lock.h"

#include <condition_variable>
#include <mutex>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/folder_below.h"

namespace offlab {
namespace {

bool locks(int file, int kind) {
  return flock(file, kind | LOCK_NB) == 0;
}

UniqueFd open_or_make(const std::filesystem::path& file) {
  UniqueFd opened(open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!opened) throw system_error(fmt::format("opening {}", file.string()));
  return opened;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, const Deadline& deadline, const std::stop_token& stop)
    : file_(open_or_make(file)) {
  std::mutex mutex;
  std::condition_variable_any wake;
  while (!locks(file_.get(), LOCK_EX)) {
    deadline.check(stop);
    std::unique_lock lock(mutex);
    wake.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
  }
}

FileLock::FileLock(UniqueFd file) : file_(std::move(file)) {
  if (!locks(file_.get(), LOCK_EX)) throw system_error("taking a lock");
}

std::optional<FileLock> FileLock::try_take(const std::filesystem::path& path, Kind kind) {
  UniqueFd opened(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!opened || !locks(opened.get(), kind == Kind::shared ? LOCK_SH : LOCK_EX)) return std::nullopt;
  struct stat locked {};
  struct stat named {};
  if (fstat(opened.get(), &locked) != 0 || stat(path.c_str(), &named) != 0 || locked.st_ino != named.st_ino)
    return std::nullopt;
  return FileLock(std::move(opened), Taken());
}

bool FileLock::is_held(const std::filesystem::path& file) {
  return kind_of(file) == EntryKind::file && !try_take(file, Kind::exclusive);
}

std::optional<FileLock> FileLock::try_make(const std::filesystem::path& file) {
  UniqueFd opened = open_or_make(file);
  if (!locks(opened.get(), LOCK_EX)) return std::nullopt;
  return FileLock(std::move(opened), Taken());
}

}  // namespace offlab
