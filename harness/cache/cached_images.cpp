#include "cache/cached_images.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/folder_below.h"
#include "process/file_lock.h"

namespace offlab {
namespace fs = std::filesystem;

std::vector<StoredImage> list_images(const fs::path& cache) {
  std::vector<StoredImage> images;
  for (const fs::path& name : folders_in(cache / "images"))
    for (const fs::path& folder : folders_in(name))
      images.push_back(
          {name.filename(), folder, folder_size(folder), kind_of(folder / "image.json") == EntryKind::file});
  return images;
}

void clear_images(const fs::path& cache) {
  for (const fs::path& name : folders_in(cache / "images")) {
    const FileLock lock(
        name / "lock",
        Deadline(fmt::format("the build of image {}", name.filename().string()), std::chrono::seconds(300)), {});
    fs::remove_all(name);
  }
}

ByteCount folder_size(const fs::path& folder) {
  ByteCount total;
  std::error_code gone;
  for (fs::recursive_directory_iterator entry(folder, gone), end; entry != end; entry.increment(gone)) {
    struct stat status {};
    if (lstat(entry->path().c_str(), &status) == 0) total.bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return total;
}

}  // namespace offlab
