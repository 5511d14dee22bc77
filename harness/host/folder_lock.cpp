#include "host/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace offlab {

std::optional<FolderLock> FolderLock::try_take(const std::filesystem::path& folder, Kind kind) {
  UniqueFd opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return std::nullopt;
  if (flock(opened.get(), (kind == Kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0) return std::nullopt;
  struct stat locked {};
  struct stat named {};
  if (fstat(opened.get(), &locked) != 0 || stat(folder.c_str(), &named) != 0 || locked.st_ino != named.st_ino)
    return std::nullopt;
  return FolderLock(std::move(opened));
}

}  // namespace offlab
